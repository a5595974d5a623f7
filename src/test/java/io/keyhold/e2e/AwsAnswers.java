package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/** The last answer to each verb, as AWS's SDK understands it. */
final class AwsAnswers implements ExecutionInterceptor {

    private final Map<String, SdkResponse> last = new ConcurrentHashMap<>();

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        String verb = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        last.put(verb, context.response());
    }

    void clear() {
        last.clear();
    }

    /** The fields of AWS's model that the answer to a verb, which there must be, does not have. */
    List<String> lacking(String verb) {
        SdkResponse answer = last.get(verb);
        assertThat(answer).as("an answer to " + verb).isNotNull();
        return answer.sdkFields().stream()
                .filter(field -> isAbsent(field.getValueOrDefault(answer)))
                .map(SdkField::locationName)
                .toList();
    }

    private static boolean isAbsent(Object value) {
        return value == null || value instanceof SdkAutoConstructList<?>;
    }
}
