package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * A call that the daemon refused.
 *
 * @param name AWS's exception name
 * @param text the message after the name; empty where AWS sends none
 */
record Refusal(String name, String text) {

    private static final Map<String, Status.Code> CODES =
            Map.ofEntries(
                    Map.entry("AccessDeniedException", Status.Code.PERMISSION_DENIED),
                    Map.entry("AlreadyExistsException", Status.Code.ALREADY_EXISTS),
                    Map.entry("ConflictException", Status.Code.FAILED_PRECONDITION),
                    Map.entry("DeleteConflictException", Status.Code.FAILED_PRECONDITION),
                    Map.entry("DisabledException", Status.Code.FAILED_PRECONDITION),
                    Map.entry("DryRunOperationException", Status.Code.FAILED_PRECONDITION),
                    Map.entry("EntityAlreadyExistsException", Status.Code.ALREADY_EXISTS),
                    Map.entry("ExpiredImportTokenException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("IncorrectKeyMaterialException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidImportTokenException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("IncorrectKeyException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidAliasNameException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidArnException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidCiphertextException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidGrantIdException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidGrantTokenException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidInputException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidKeyUsageException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("InvalidMarkerException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("KMSInvalidStateException", Status.Code.FAILED_PRECONDITION),
                    Map.entry("LimitExceededException", Status.Code.RESOURCE_EXHAUSTED),
                    Map.entry("KMSInvalidMacException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("KMSInvalidSignatureException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("MalformedPolicyDocumentException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("NoSuchEntityException", Status.Code.NOT_FOUND),
                    Map.entry("NotFoundException", Status.Code.NOT_FOUND),
                    Map.entry("PackedPolicyTooLargeException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("SerializationException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("TagException", Status.Code.INVALID_ARGUMENT),
                    Map.entry("UnrecognizedClientException", Status.Code.UNAUTHENTICATED),
                    Map.entry("UnsupportedOperationException", Status.Code.UNIMPLEMENTED),
                    Map.entry("ValidationException", Status.Code.INVALID_ARGUMENT));

    /**
     * Makes a call that must be refused, with AWS's name both in the description and for programs.
     */
    static Refusal of(ThrowingCallable call) {
        return of(catchThrowableOfType(StatusRuntimeException.class, call));
    }

    /** The outcome of a call under way. */
    static Refusal of(Future<?> call) {
        return of(catchThrowableOfType(ExecutionException.class, call::get));
    }

    private static Refusal of(ExecutionException e) {
        assertThat(e).as("the call is refused").isNotNull();
        assertThat(e.getCause()).isInstanceOf(StatusRuntimeException.class);
        return of((StatusRuntimeException) e.getCause());
    }

    static Refusal of(StatusRuntimeException refused) {
        assertThat(refused).as("the call is refused").isNotNull();
        String description = String.valueOf(refused.getStatus().getDescription());
        String[] parts = description.split(": ", 2);
        assertThat(CODES).as(description).containsEntry(parts[0], refused.getStatus().getCode());
        ErrorInfo info = info(refused);
        assertThat(info.getReason()).isEqualTo(parts[0]);
        assertThat(info.getDomain()).isEqualTo("kms.amazonaws.com");
        return new Refusal(parts[0], parts.length == 1 ? "" : parts[1]);
    }

    private static ErrorInfo info(StatusRuntimeException refused) {
        com.google.rpc.Status status = StatusProto.fromThrowable(refused);
        assertThat(status).isNotNull();
        assertThat(status.getDetailsCount()).isEqualTo(1);
        try {
            return status.getDetails(0).unpack(ErrorInfo.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
