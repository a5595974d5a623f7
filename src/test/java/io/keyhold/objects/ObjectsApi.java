package io.keyhold.objects;

import com.google.protobuf.BytesValue;
import com.google.protobuf.Empty;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/** The store's two calls. What an object is called is in the metadata, its content is the body. */
final class ObjectsApi {

    static final String SERVICE = "objects.Objects";

    static final MethodDescriptor<BytesValue, Empty> PUT =
            Unary.of(
                    SERVICE,
                    "PutObject",
                    BytesValue.getDefaultInstance(),
                    Empty.getDefaultInstance());
    static final MethodDescriptor<Empty, BytesValue> GET =
            Unary.of(
                    SERVICE,
                    "GetObject",
                    Empty.getDefaultInstance(),
                    BytesValue.getDefaultInstance());

    static final Metadata.Key<String> BUCKET = header("bucket");
    static final Metadata.Key<String> OBJECT = header("object");

    /** What Keyhold gave the caller for the store. It goes on to Keyhold under the same name. */
    static final Metadata.Key<String> FORWARD_ACCESS = header("keyhold-forward-access");

    private ObjectsApi() {}

    private static Metadata.Key<String> header(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
