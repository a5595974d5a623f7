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

    private GrpcFaults() {}

    /** The status and its trailers. */
    static StatusRuntimeException of(KmsFault fault) {
        String name = fault.name().name();
        String text = fault.text().isEmpty() ? name : name + ": " + fault.text();
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

    static Metadata trailers(StatusRuntimeException status) {
        Metadata trailers = status.getTrailers();
        return trailers == null ? new Metadata() : trailers;
    }

    private static Status.Code code(FaultName name) {
        return switch (name) {
            case IncorrectKeyException,
                    InvalidArnException,
                    InvalidCiphertextException,
                    InvalidKeyUsageException,
                    InvalidMarkerException,
                    SerializationException,
                    ValidationException ->
                    Status.Code.INVALID_ARGUMENT;
            case NotFoundException -> Status.Code.NOT_FOUND;
            case ConflictException -> Status.Code.ABORTED;
            case DisabledException, DryRunOperationException, KMSInvalidStateException ->
                    Status.Code.FAILED_PRECONDITION;
            case LimitExceededException, ThrottlingException -> Status.Code.RESOURCE_EXHAUSTED;
            case AccessDeniedException -> Status.Code.PERMISSION_DENIED;
            case MissingAuthenticationTokenException, UnrecognizedClientException ->
                    Status.Code.UNAUTHENTICATED;
            case UnsupportedOperationException -> Status.Code.UNIMPLEMENTED;
            case DependencyTimeoutException, KeyUnavailableException -> Status.Code.UNAVAILABLE;
            case KMSInternalException -> Status.Code.INTERNAL;
        };
    }
}
