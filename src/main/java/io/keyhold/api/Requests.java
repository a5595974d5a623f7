package io.keyhold.api;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.io.IOException;
import java.util.List;

/** Bytes to messages. */
final class Requests {

    private static final int DEEPEST = 16;

    private Requests() {}

    /**
     * Parses a request. Its byte fields share the given array, so that wiping the array wipes them.
     *
     * @throws KmsFault SerializationException if the bytes are not such a message
     */
    @SuppressWarnings("unchecked") // a prototype's builder builds its own type
    static <Q extends Message> Q parse(Q prototype, byte[] bytes) {
        // newInstance(bytes) would copy the byte fields, whatever enableAliasing says.
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        in.enableAliasing(true);
        in.setRecursionLimit(DEEPEST);
        try {
            Message.Builder builder = prototype.newBuilderForType().mergeFrom(in);
            in.checkLastTagWas(0);
            return (Q) builder.build();
        } catch (IOException e) {
            throw KmsFault.of(
                    FaultName.SerializationException,
                    "The bytes are not a %s in protobuf's wire format: %s",
                    prototype.getDescriptorForType().getName(),
                    String.valueOf(e.getMessage()));
        }
    }

    /** The grant tokens that a request has. */
    static List<String> grantTokens(Message request) {
        FieldDescriptor tokens = request.getDescriptorForType().findFieldByName("grant_tokens");
        return tokens == null
                ? List.of()
                : ((List<?>) request.getField(tokens)).stream().map(String.class::cast).toList();
    }

    /** Whether the request only asks if it would succeed. */
    static boolean isDryRun(Message request) {
        FieldDescriptor dryRun = request.getDescriptorForType().findFieldByName("dry_run");
        return dryRun != null && request.getField(dryRun).equals(true);
    }
}
