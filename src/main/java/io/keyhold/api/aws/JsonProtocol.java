package io.keyhold.api.aws;

import com.google.protobuf.Message;
import io.keyhold.api.Format;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.handler.codec.http.HttpResponseStatus;

/** AWS JSON 1.1, that of KMS. */
final class JsonProtocol implements Protocol {

    private final Format requests = new JsonReader();

    @Override
    public Format requests() {
        return requests;
    }

    @Override
    public String contentType() {
        return "application/x-amz-json-1.1";
    }

    @Override
    public byte[] answer(Message answer, String requestId) {
        return JsonWriter.answer(answer);
    }

    @Override
    public byte[] fault(KmsFault fault, String requestId) {
        return JsonWriter.fault(fault);
    }

    /** The service says 400 to whatever the client did wrong, however its model says it. */
    @Override
    public HttpResponseStatus status(FaultName name) {
        return switch (name) {
            case KMSInternalException, KeyUnavailableException ->
                    HttpResponseStatus.INTERNAL_SERVER_ERROR;
            case DependencyTimeoutException -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }
}
