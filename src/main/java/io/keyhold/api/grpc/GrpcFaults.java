package io.keyhold.api.grpc;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;

/** Faults as gRPC statuses: AWS's name is in the description and, for programs, in ErrorInfo. */
final class GrpcFaults {

    private static final String DOMAIN = "kms.amazonaws.com";

    /**
     * Most that a text may take in the trailers, in bytes. Clients accept 8 KiB of them; a client
     * that gets more gives up its whole connection.
     */
    private static final int ROOM = 6 << 10;

    private GrpcFaults() {}

    /** The status and its trailers. */
    static StatusRuntimeException of(KmsFault fault) {
        String name = fault.name().name();
        String text = fault.text().isEmpty() ? name : name + ": " + fitting(fault.text());
        return StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                        .setCode(code(fault.name()).value())
                        .setMessage(text)
                        .addDetails(
                                Any.pack(
                                        ErrorInfo.newBuilder()
                                                .setReason(name)
                                                .setDomain(DOMAIN)
                                                .build()))
                        .build());
    }

    /** The text, or as much of its beginning as fits into the trailers twice. */
    private static String fitting(String text) {
        int room = ROOM;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            room -= cost(character);
            if (room < 0) {
                return text.substring(0, at) + "...";
            }
            at += Character.charCount(character);
        }
        return text;
    }

    /** In grpc-message percent-encoded, in grpc-status-details-bin as Base64. */
    private static int cost(int character) {
        if (character >= ' ' && character <= '~' && character != '%') {
            return 1 + 2;
        }
        int bytes = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
        return bytes * (3 + 2);
    }

    static Metadata trailers(StatusRuntimeException status) {
        Metadata trailers = status.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    private static Status.Code code(FaultName name) {
        return switch (name) {
            case ExpiredImportTokenException,
                    IncompleteSignatureException,
                    IncorrectKeyException,
                    IncorrectKeyMaterialException,
                    InvalidAliasNameException,
                    InvalidArnException,
                    InvalidCiphertextException,
                    InvalidGrantIdException,
                    InvalidGrantTokenException,
                    InvalidImportTokenException,
                    InvalidInputException,
                    InvalidKeyUsageException,
                    InvalidMarkerException,
                    InvalidSignatureException,
                    KMSInvalidMacException,
                    KMSInvalidSignatureException,
                    MalformedPolicyDocumentException,
                    PackedPolicyTooLargeException,
                    SerializationException,
                    TagException,
                    ValidationException ->
                    Status.Code.INVALID_ARGUMENT;
            case NoSuchEntityException, NotFoundException -> Status.Code.NOT_FOUND;
            case AlreadyExistsException, EntityAlreadyExistsException -> Status.Code.ALREADY_EXISTS;
            case ConflictException -> Status.Code.ABORTED;
            case DeleteConflictException,
                    DisabledException,
                    DryRunOperationException,
                    KMSInvalidStateException ->
                    Status.Code.FAILED_PRECONDITION;
            case LimitExceededException, ThrottlingException -> Status.Code.RESOURCE_EXHAUSTED;
            case AccessDeniedException -> Status.Code.PERMISSION_DENIED;
            case ExpiredTokenException,
                    MissingAuthenticationTokenException,
                    UnrecognizedClientException ->
                    Status.Code.UNAUTHENTICATED;
            case UnknownOperationException, UnsupportedOperationException ->
                    Status.Code.UNIMPLEMENTED;
            case DependencyTimeoutException, KeyUnavailableException -> Status.Code.UNAVAILABLE;
            case KMSInternalException -> Status.Code.INTERNAL;
        };
    }
}
