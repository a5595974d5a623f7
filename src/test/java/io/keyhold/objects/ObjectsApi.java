package io.keyhold.objects;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;

/** The store's two calls. What an object is called is in the metadata, its content is the body. */
final class ObjectsApi {

    static final String SERVICE = "objects.Objects";

    static final MethodDescriptor<BytesValue, Empty> PUT =
            unary("PutObject", BytesValue.getDefaultInstance(), Empty.getDefaultInstance());
    static final MethodDescriptor<Empty, BytesValue> GET =
            unary("GetObject", Empty.getDefaultInstance(), BytesValue.getDefaultInstance());

    static final Metadata.Key<String> BUCKET = header("bucket");
    static final Metadata.Key<String> OBJECT = header("object");

    private ObjectsApi() {}

    private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> unary(
            String name, Q request, R answer) {
        return MethodDescriptor.<Q, R>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(request))
                .setResponseMarshaller(ProtoUtils.marshaller(answer))
                .build();
    }

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
