package io.keyhold.objects;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.keyhold.v1.GetForwardAccessTokenRequest;
import io.keyhold.v1.GetForwardAccessTokenResponse;
import java.util.concurrent.TimeUnit;

/** What a customer asks Keyhold for, to give to the store. */
final class ForwardAccess {

    private static final MethodDescriptor<
                    GetForwardAccessTokenRequest, GetForwardAccessTokenResponse>
            GET_TOKEN =
                    Unary.of(
                            "keyhold.v1.Services",
                            "GetForwardAccessToken",
                            GetForwardAccessTokenRequest.getDefaultInstance(),
                            GetForwardAccessTokenResponse.getDefaultInstance());

    private static final String STORE = "s3.amazonaws.com";
    private static final int LIFETIME_SECONDS = 60;
    private static final int PATIENCE_SECONDS = 5;

    private ForwardAccess() {}

    /** A token for the store, for this action and not for long: no more than it needs. */
    static String token(Channel keyhold, String action) {
        GetForwardAccessTokenRequest request =
                GetForwardAccessTokenRequest.newBuilder()
                        .setServicePrincipal(STORE)
                        .addActions(action)
                        .setDurationSeconds(LIFETIME_SECONDS)
                        .build();
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(keyhold, GET_TOKEN, options, request)
                .getForwardAccessToken();
    }
}
