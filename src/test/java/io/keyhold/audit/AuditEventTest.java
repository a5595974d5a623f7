package io.keyhold.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.keyhold.key.Arn;
import io.keyhold.key.BoundPrincipal;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Caller;
import io.keyhold.key.Caller.Authentication;
import io.keyhold.key.FaultName;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AuditEventTest {

    private static final Arn KEY =
            Arn.parse("arn:aws:kms:us-east-1:123456789012:key/x").orElseThrow();

    @Test
    void aCallIsWrittenInCloudTrailsShape() {
        ObjectNode written =
                (ObjectNode)
                        json(
                                event(
                                        Events.ROOT,
                                        Map.of("keyId", "x", "limit", 3),
                                        List.of(KEY),
                                        null));

        assertThat(written.remove("eventID").asString()).matches("[0-9a-f-]{36}");
        assertThat(written)
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {"eventVersion": "1.11",
                                         "userIdentity": {
                                           "type": "Root", "principalId": "ID",
                                           "arn": "arn:aws:iam::123456789012:root",
                                           "accountId": "123456789012"},
                                         "eventTime": "2023-11-14T22:13:20.123Z",
                                         "eventSource": "kms.amazonaws.com",
                                         "eventName": "Encrypt",
                                         "awsRegion": "us-east-1",
                                         "sourceIPAddress": "192.0.2.1",
                                         "userAgent": "agent",
                                         "requestParameters": {"keyId": "x", "limit": 3},
                                         "responseElements": null,
                                         "requestID": "r1",
                                         "readOnly": true,
                                         "resources": [{
                                           "accountId": "123456789012", "type": "AWS::KMS::Key",
                                           "ARN": "arn:aws:kms:us-east-1:123456789012:key/x"}],
                                         "eventType": "AwsApiCall",
                                         "managementEvent": true,
                                         "recipientAccountId": "123456789012",
                                         "eventCategory": "Management"}
                                        """));
    }

    @Test
    void aRefusalNamesItsException() {
        KmsFault fault = KmsFault.of(FaultName.NotFoundException, "Key '%s' does not exist", "x");
        JsonNode written = json(event(Events.ROOT, Map.of(), List.of(), fault));

        assertThat(written.path("errorCode").asString()).isEqualTo("NotFoundException");
        assertThat(written.path("errorMessage").asString()).isEqualTo("Key 'x' does not exist");
    }

    @Test
    void aCallOfNobodyThatCouldNotBeReadIsWrittenToo() {
        JsonNode written = json(event(null, null, List.of(), null));

        assertThat(written.path("userIdentity").toString()).isEqualTo("{\"type\":\"Unknown\"}");
        assertThat(written.path("requestParameters").isNull()).isTrue();
        assertThat(written.has("errorCode")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::123456789012:root, Root",
        "arn:aws:iam::123456789012:user/a/b, IAMUser",
        "arn:aws:iam::123456789012:role/r, Role",
        "arn:aws:sts::123456789012:assumed-role/r/s, AssumedRole",
    })
    void thePrincipalsKindIsCloudTrails(String principal, String type) {
        Caller caller =
                new Caller(Arn.parse(principal).orElseThrow(), Authentication.TLS_CERTIFICATE);
        JsonNode identity = json(event(caller, Map.of(), List.of(), null)).path("userIdentity");

        assertThat(identity.path("type").asString()).isEqualTo(type);
        assertThat(identity.path("arn").asString()).isEqualTo(principal);
    }

    @Test
    void aUserHasANameAndIsKnownByItIfThereIsNoRecord() {
        Caller bob =
                new Caller(
                        Arn.parse("arn:aws:iam::123456789012:user/a/b").orElseThrow(),
                        Authentication.TLS_CERTIFICATE);

        assertThat(json(event(bob, "AIDA1", Map.of(), List.of(), null)).path("userIdentity"))
                .hasToString(
                        "{\"type\":\"IAMUser\",\"principalId\":\"AIDA1\","
                                + "\"arn\":\"arn:aws:iam::123456789012:user/a/b\","
                                + "\"accountId\":\"123456789012\",\"userName\":\"b\"}");
        assertThat(
                        json(event(bob, "", Map.of(), List.of(), null))
                                .at("/userIdentity/principalId")
                                .asString())
                .isEqualTo("user/a/b");
    }

    @Test
    void aServiceHasNoAccountAndSaysForWhomItCalls() {
        Caller service =
                new Caller(
                        new Principal.Service("s3.amazonaws.com"), Authentication.TLS_CERTIFICATE);
        String bucket = "arn:aws:s3:::bucket";
        Caller forSomebody = service.onBehalfOf(new Caller.Source("123456789012", bucket));
        Caller forOthers = service.onBehalfOf(new Caller.Source("111122223333", bucket));

        JsonNode written = json(event(forSomebody, Map.of(), List.of(KEY), null));
        assertThat(written.path("userIdentity"))
                .hasToString("{\"type\":\"AWSService\",\"invokedBy\":\"s3.amazonaws.com\"}");
        assertThat(written.path("additionalEventData"))
                .hasToString(
                        "{\"sourceAccount\":\"123456789012\",\"sourceArn\":\"arn:aws:s3:::bucket\"}");
        assertThat(json(event(forOthers, Map.of(), List.of(KEY), null)).path("additionalEventData"))
                .hasToString("{\"sourceAccount\":\"111122223333\"}");
        assertThat(json(event(service, Map.of(), List.of(), null)).has("additionalEventData"))
                .isFalse();
    }

    @Test
    void aSessionNamesItsIssuerAndWhoHoldsIt() {
        Principal alice = Principal.parse("arn:aws:iam::123456789012:user/alice").orElseThrow();

        JsonNode written = json(event(session(alice), Map.of(), List.of(), null));

        assertThat(written.path("userIdentity").path("arn").asString())
                .isEqualTo("arn:aws:sts::123456789012:assumed-role/app/one");
        assertThat(written.path("userIdentity").path("sessionContext"))
                .isEqualTo(
                        new JsonMapper()
                                .readTree(
                                        """
                                        {"sessionIssuer": {
                                           "type": "Role", "principalId": "AROA1",
                                           "arn": "arn:aws:iam::123456789012:role/p/app",
                                           "accountId": "123456789012"},
                                         "attributes": {"creationDate": "1970-01-01T00:00:00Z"}}
                                        """));
        assertThat(written.path("additionalEventData"))
                .hasToString("{\"sessionHolder\":\"" + alice + "\"}");
    }

    @Test
    void aSessionDoesNotNameWhoOfAnotherAccountHoldsIt() {
        Principal kim = Principal.parse("arn:aws:iam::111122223333:user/kim").orElseThrow();

        JsonNode written = json(event(session(kim), Map.of(), List.of(), null));

        assertThat(written.path("additionalEventData"))
                .hasToString("{\"sessionHolder\":\"111122223333\"}");
    }

    @Test
    void anEventIsOneLineWhateverItHolds() {
        Map<String, Object> request =
                Map.of("keyId", "a\nb\u2028\r\u0000\"}{", "encryptionContext", Map.of("\n", "\n"));
        byte[] line = event(Events.ROOT, request, List.of(), null).toJson();

        assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain("\n", "\r", "\u0000");
        assertThat(
                        new JsonMapper()
                                .readTree(line)
                                .path("requestParameters")
                                .path("keyId")
                                .asString())
                .isEqualTo("a\nb\u2028\r\u0000\"}{");
    }

    /** Another account hears that its key was used, by which account, and nothing of others. */
    @Test
    void anotherAccountSeesNothingOfOthers() {
        Arn others = Arn.parse("arn:aws:kms:us-east-1:888888888888:key/o").orElseThrow();
        Arn its = Arn.parse("arn:aws:kms:us-east-1:123456789012:key/i").orElseThrow();
        Arn kim = Arn.parse("arn:aws:iam::111122223333:user/kim").orElseThrow();
        Map<String, Object> request =
                Map.of(
                        "destinationKeyId", others.toString(),
                        "keyId", its.toString(),
                        "encryptionContext", Map.of("for", others + "!"),
                        "granteePrincipal", kim.toString());

        JsonNode seen =
                json(
                        event(
                                        new Caller(kim, Authentication.TLS_CERTIFICATE),
                                        "AIDA1",
                                        request,
                                        List.of(its, others),
                                        KmsFault.of(
                                                FaultName.DisabledException,
                                                "%s is disabled.",
                                                others))
                                .withoutOthers());

        assertThat(seen.path("userIdentity"))
                .hasToString(
                        "{\"type\":\"AWSAccount\",\"principalId\":\"AIDA1\","
                                + "\"accountId\":\"111122223333\"}");
        assertThat(seen.path("resources").size()).isEqualTo(1);
        assertThat(seen.path("requestParameters").propertyNames())
                .doesNotContain("destinationKeyId");
        assertThat(seen.at("/requestParameters/encryptionContext/for").asString())
                .isEqualTo("HIDDEN_DUE_TO_SECURITY_REASONS!");
        assertThat(seen.path("errorMessage").asString())
                .isEqualTo("HIDDEN_DUE_TO_SECURITY_REASONS is disabled.");
        assertThat(seen.at("/requestParameters/keyId").asString()).isEqualTo(its.toString());
        assertThat(seen.at("/requestParameters/granteePrincipal").asString())
                .isEqualTo(kim.toString());
    }

    private static Caller session(Principal holder) {
        Arn role = Arn.parse("arn:aws:iam::123456789012:role/p/app").orElseThrow();
        return new Caller(
                new Principal.OfAccount(role.session("one")),
                Authentication.TLS_CERTIFICATE,
                Optional.empty(),
                Caller.Source.NONE,
                Optional.of(
                        new Caller.SessionContext(
                                role,
                                "AROA1",
                                new BoundPrincipal(holder, "AIDA1"),
                                Instant.EPOCH,
                                Instant.EPOCH.plusSeconds(900),
                                List.of())));
    }

    private static AuditEvent event(
            Caller caller, Map<String, Object> request, List<Arn> keys, KmsFault fault) {
        return event(caller, "ID", request, keys, fault);
    }

    private static AuditEvent event(
            Caller caller,
            String principalId,
            Map<String, Object> request,
            List<Arn> keys,
            KmsFault fault) {
        return new AuditEvent(
                Bytes16.newName().toString(),
                "",
                "kms",
                "Encrypt",
                true,
                Instant.ofEpochMilli(1_700_000_000_123L).plusNanos(456),
                "us-east-1",
                "123456789012",
                "r1",
                "192.0.2.1",
                "agent",
                caller,
                "",
                principalId,
                request,
                null,
                keys,
                fault);
    }

    private static JsonNode json(AuditEvent event) {
        return new JsonMapper().readTree(event.toJson());
    }
}
