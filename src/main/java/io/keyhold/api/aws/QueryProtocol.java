package io.keyhold.api.aws;

import com.google.protobuf.Message;
import io.keyhold.api.Format;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.handler.codec.http.HttpResponseStatus;

/** AWS Query, that of IAM and STS: forms are answered with XML. */
final class QueryProtocol implements Protocol {

    private static final String SUFFIX = "Exception";

    private final Format requests = new QueryReader();
    private final String namespace;

    QueryProtocol(String service, String version) {
        this.namespace = "https://" + service + ".amazonaws.com/doc/" + version + "/";
    }

    @Override
    public Format requests() {
        return requests;
    }

    @Override
    public String contentType() {
        return "text/xml";
    }

    @Override
    public byte[] answer(Message answer, String requestId) {
        return XmlWriter.answer(answer, namespace, requestId);
    }

    @Override
    public byte[] fault(KmsFault fault, String requestId) {
        return XmlWriter.fault(
                code(fault.name()),
                fault.text(),
                status(fault.name()).code() >= HttpResponseStatus.INTERNAL_SERVER_ERROR.code(),
                namespace,
                requestId);
    }

    @Override
    public HttpResponseStatus status(FaultName name) {
        return switch (name) {
            case AccessDeniedException,
                    ExpiredTokenException,
                    InvalidSignatureException,
                    MissingAuthenticationTokenException,
                    UnrecognizedClientException ->
                    HttpResponseStatus.FORBIDDEN;
            case NoSuchEntityException -> HttpResponseStatus.NOT_FOUND;
            case ConflictException,
                    DeleteConflictException,
                    EntityAlreadyExistsException,
                    LimitExceededException ->
                    HttpResponseStatus.CONFLICT;
            case KMSInternalException -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
            case DependencyTimeoutException, KeyUnavailableException ->
                    HttpResponseStatus.SERVICE_UNAVAILABLE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    /** The code on the wire: what older services call otherwise, or the name without its end. */
    private static String code(FaultName name) {
        return switch (name) {
            case InvalidSignatureException -> "SignatureDoesNotMatch";
            case IncompleteSignatureException -> "IncompleteSignature";
            case KMSInternalException -> "ServiceFailure";
            case DependencyTimeoutException, KeyUnavailableException -> "ServiceUnavailable";
            case SerializationException -> "MalformedInput";
            case UnknownOperationException -> "InvalidAction";
            case UnrecognizedClientException -> "InvalidClientTokenId";
            case ValidationException -> "ValidationError";
            default -> name.name().substring(0, name.name().length() - SUFFIX.length());
        };
    }
}
