package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.e2e.RawHttp.Answer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What is no request of AWS's clients: each gets an answer or loses its connection, at once. */
final class AwsHttpIT {

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @Test
    void withoutASignatureNobodyComesIn() throws IOException {
        Answer answer = post("TrentService.ListKeys", "{}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("MissingAuthenticationTokenException");
        assertThat(answer.head()).contains("content-type: application/x-amz-json-1.1");
        assertThat(answer.head()).containsPattern("x-amzn-requestid: [0-9a-f-]{36}");
        JsonNode event = one.home().journal().events().getLast();
        assertThat(event.path("eventName").asString()).isEqualTo("ListKeys");
        assertThat(event.path("errorCode").asString())
                .isEqualTo("MissingAuthenticationTokenException");
    }

    @Test
    void anOperationThatThereIsNotIsSaidToBeNone() throws IOException {
        for (String target :
                new String[] {"TrentService.Nothing", "ListKeys", "TrentService.CreateUser", ""}) {
            assertThat(post(target, "{}").type()).isEqualTo("UnknownOperationException");
        }
        String good = RawHttp.request("TrentService.ListKeys", "{}", "close");
        for (String bad :
                new String[] {good.replace("POST", "GET"), good.replace("POST / ", "POST /x ")}) {
            assertThat(raw(bad).type()).isEqualTo("UnknownOperationException");
        }
    }

    /** Or its connection is cut, if more of it was under way. */
    @Test
    void whatIsNoHttpIsToldSo() throws IOException {
        for (String bad :
                new String[] {
                    "\u0001\u0002 nonsense\r\n\r\n",
                    "POST / HTTP/1.1\r\nX: " + "y".repeat(64 << 10) + "\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                            + "Content-Length: 99999999\r\n\r\n"
                }) {
            assertThat(raw(bad).status()).isIn(400, 413, RawHttp.CUT);
        }
        assertThat(post("TrentService.ListKeys", "{}").status()).isEqualTo(400);
    }

    @Test
    void requestsOnOneConnectionAreAnsweredInTheirOrder() throws IOException {
        String one = RawHttp.request("TrentService.ListKeys", "{}", "keep-alive");
        String other = RawHttp.request("TrentService.Nothing", "{}", "close");
        String answers = RawHttp.exchange(AwsHttpIT.one.daemon(), one + one + other);

        assertThat(answers.split("__type", -1)).hasSize(4);
        assertThat(answers.indexOf("UnknownOperation"))
                .isGreaterThan(answers.lastIndexOf("MissingAuthenticationToken"));
    }

    private static Answer post(String target, String body) throws IOException {
        return raw(RawHttp.request(target, body, "close"));
    }

    private static Answer raw(String bytes) throws IOException {
        return RawHttp.send(one.daemon(), bytes);
    }
}
