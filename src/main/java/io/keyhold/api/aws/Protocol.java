package io.keyhold.api.aws;

import com.google.protobuf.Message;
import io.keyhold.api.Format;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.netty.handler.codec.http.HttpResponseStatus;

/** How an AWS service's requests, answers and errors are written. */
interface Protocol {

    Format requests();

    String contentType();

    byte[] answer(Message answer, String requestId);

    byte[] fault(KmsFault fault, String requestId);

    HttpResponseStatus status(FaultName name);
}
