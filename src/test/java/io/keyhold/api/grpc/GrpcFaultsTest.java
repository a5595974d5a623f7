package io.keyhold.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.InternalMetadata;
import io.grpc.InternalStatus;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcFaultsTest {

    /** What clients of grpc-java, and of most others, take as trailers. */
    private static final int CLIENT_LIMIT = 8192;

    @ParameterizedTest
    @EnumSource(FaultName.class)
    void theNameIsInTheDescriptionForPeople(FaultName name) {
        StatusRuntimeException status = GrpcFaults.of(KmsFault.of(name, "Because of %s.", "that"));

        assertThat(status.getStatus().getDescription()).isEqualTo(name + ": Because of that.");
    }

    @ParameterizedTest
    @EnumSource(FaultName.class)
    void theNameStandsAloneWhereAwsSendsNoMessage(FaultName name) {
        StatusRuntimeException status = GrpcFaults.of(KmsFault.bare(name));

        assertThat(status.getStatus().getDescription()).isEqualTo(name.name());
    }

    @ParameterizedTest
    @EnumSource(FaultName.class)
    void theNameIsTheReasonOfErrorInfoForPrograms(FaultName name)
            throws InvalidProtocolBufferException {
        StatusRuntimeException thrown = GrpcFaults.of(KmsFault.of(name, "text"));
        // As a client gets it: the status, and the trailers that the door sends with it.
        com.google.rpc.Status status =
                StatusProto.fromStatusAndTrailers(thrown.getStatus(), GrpcFaults.trailers(thrown));

        assertThat(status.getDetailsList()).hasSize(1);
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertThat(info.getReason()).isEqualTo(name.name());
        assertThat(info.getDomain()).isEqualTo("kms.amazonaws.com");
        assertThat(status.getCode()).isEqualTo(thrown.getStatus().getCode().value());
    }

    @Test
    void everyNameHasTheCodeThatClientsActOn() {
        Map<FaultName, Code> codes = new EnumMap<>(FaultName.class);
        for (FaultName name : FaultName.values()) {
            codes.put(name, GrpcFaults.of(KmsFault.bare(name)).getStatus().getCode());
        }

        assertThat(codes)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry(FaultName.AccessDeniedException, Code.PERMISSION_DENIED),
                                Map.entry(
                                        FaultName.IncompleteSignatureException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.InvalidSignatureException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.UnknownOperationException, Code.UNIMPLEMENTED),
                                Map.entry(
                                        FaultName.ExpiredImportTokenException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.IncorrectKeyMaterialException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.InvalidImportTokenException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.AlreadyExistsException, Code.ALREADY_EXISTS),
                                Map.entry(FaultName.ConflictException, Code.ABORTED),
                                Map.entry(
                                        FaultName.DeleteConflictException,
                                        Code.FAILED_PRECONDITION),
                                Map.entry(
                                        FaultName.EntityAlreadyExistsException,
                                        Code.ALREADY_EXISTS),
                                Map.entry(FaultName.InvalidInputException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.NoSuchEntityException, Code.NOT_FOUND),
                                Map.entry(
                                        FaultName.InvalidAliasNameException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.TagException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.DependencyTimeoutException, Code.UNAVAILABLE),
                                Map.entry(FaultName.DisabledException, Code.FAILED_PRECONDITION),
                                Map.entry(
                                        FaultName.DryRunOperationException,
                                        Code.FAILED_PRECONDITION),
                                Map.entry(FaultName.ExpiredTokenException, Code.UNAUTHENTICATED),
                                Map.entry(
                                        FaultName.PackedPolicyTooLargeException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.IncorrectKeyException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.InvalidArnException, Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.InvalidCiphertextException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.InvalidGrantIdException, Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.InvalidGrantTokenException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.InvalidKeyUsageException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.InvalidMarkerException, Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.MalformedPolicyDocumentException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.KMSInvalidMacException, Code.INVALID_ARGUMENT),
                                Map.entry(
                                        FaultName.KMSInvalidSignatureException,
                                        Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.KMSInternalException, Code.INTERNAL),
                                Map.entry(
                                        FaultName.KMSInvalidStateException,
                                        Code.FAILED_PRECONDITION),
                                Map.entry(FaultName.KeyUnavailableException, Code.UNAVAILABLE),
                                Map.entry(
                                        FaultName.LimitExceededException, Code.RESOURCE_EXHAUSTED),
                                Map.entry(
                                        FaultName.MissingAuthenticationTokenException,
                                        Code.UNAUTHENTICATED),
                                Map.entry(FaultName.NotFoundException, Code.NOT_FOUND),
                                Map.entry(FaultName.SerializationException, Code.INVALID_ARGUMENT),
                                Map.entry(FaultName.ThrottlingException, Code.RESOURCE_EXHAUSTED),
                                Map.entry(
                                        FaultName.UnrecognizedClientException,
                                        Code.UNAUTHENTICATED),
                                Map.entry(
                                        FaultName.UnsupportedOperationException,
                                        Code.UNIMPLEMENTED),
                                Map.entry(FaultName.ValidationException, Code.INVALID_ARGUMENT)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k", "é", "鍵", "\ud83d\udd11"})
    void aFaultThatQuotesTheLongestKeyIdStillReachesTheClient(String character) {
        String longest = character.repeat(2048 / character.length());
        StatusRuntimeException status =
                GrpcFaults.of(
                        KmsFault.of(FaultName.NotFoundException, "Invalid keyId '%s'", longest));

        assertThat(size(status)).isLessThan(CLIENT_LIMIT);
    }

    /** As HTTP/2 counts a header list (RFC 9113, section 6.5.2). */
    private static int size(StatusRuntimeException status) {
        Metadata sent = new Metadata();
        sent.merge(GrpcFaults.trailers(status));
        sent.put(InternalStatus.CODE_KEY, status.getStatus());
        sent.put(InternalStatus.MESSAGE_KEY, status.getStatus().getDescription());
        int size = 0;
        for (byte[] nameOrValue : InternalMetadata.serialize(sent)) {
            size += nameOrValue.length + 16;
        }
        return size;
    }
}
