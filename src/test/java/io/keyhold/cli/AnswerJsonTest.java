package io.keyhold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.keyhold.v1.ExplainAccessResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerJsonTest {

    @Test
    void whatOnlyHtmlMindsIsPrintedAsItIs() throws InvalidProtocolBufferException {
        assertThat(print("it's <a> & b=c")).contains("\"it's <a> & b=c\"");
    }

    @Test
    void aBackslashInTheDataBeginsNoEscape() throws InvalidProtocolBufferException {
        assertThat(print("\\u0027")).contains("\"\\\\u0027\"");
        assertThat(print("\\'")).contains("\"\\\\'\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'<>=&",
                "\\u0027",
                "\\\\u003c",
                "\\'",
                "\"'\"",
                "\n\t'\r",
                "$1 \\1",
                "\u0001'\u2028",
            })
    void itIsJsonOfTheSameText(String text) throws InvalidProtocolBufferException {
        ExplainAccessResponse.Builder again = ExplainAccessResponse.newBuilder();
        JsonFormat.parser().merge(print(text), again);
        assertThat(again.getMessage()).isEqualTo(text);
    }

    private static String print(String text) throws InvalidProtocolBufferException {
        return AnswerJson.print(ExplainAccessResponse.newBuilder().setMessage(text).build());
    }
}
