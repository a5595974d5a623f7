package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.InvalidArnException;
import software.amazon.awssdk.services.kms.model.InvalidMarkerException;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.OriginType;
import software.amazon.awssdk.services.kms.model.ScheduleKeyDeletionResponse;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.kms.model.TagException;

/** Keys, their aliases, tags and policies, by AWS's SDK. */
final class AwsVerbsOfKeys {

    private static final String VALIDATION = "ValidationException";
    private static final Tag TAG = Tag.builder().tagKey("team").tagValue("blue").build();

    private static final String POLICY =
            """
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*",
             "Resource": "*", "Principal": {"AWS": "arn:aws:iam::123456789012:user/sdk"}}]}
            """;

    private AwsVerbsOfKeys() {}

    static Stream<AwsVerb> rows() {
        return Stream.of(lives(), names(), tags(), policies()).flatMap(List::stream);
    }

    private static List<AwsVerb> lives() {
        return List.of(
                AwsVerb.of(
                        "CreateKey",
                        AwsVerbsOfKeys::create,
                        VALIDATION,
                        kms -> kms.createKey(r -> r.keySpec(KeySpec.RSA_2048))),
                AwsVerb.of(
                        "DescribeKey",
                        AwsVerbsOfKeys::describe,
                        NotFoundException.class,
                        kms -> kms.describeKey(r -> r.keyId("alias/nobody"))),
                AwsVerb.of(
                        "ListKeys",
                        AwsVerbsOfKeys::list,
                        InvalidMarkerException.class,
                        kms -> kms.listKeys(r -> r.marker("mine"))),
                AwsVerb.of(
                        "EnableKey",
                        AwsVerbsOfKeys::enable,
                        KmsInvalidStateException.class,
                        kms -> {
                            String key = AwsKeys.pendingDeletion(kms);
                            kms.enableKey(r -> r.keyId(key));
                        }),
                AwsVerb.of(
                        "DisableKey",
                        kms -> assertThat(state(kms, AwsKeys.disabled(kms))).isEqualTo("Disabled"),
                        NotFoundException.class,
                        kms -> kms.disableKey(r -> r.keyId(AwsKeys.NOBODY))),
                AwsVerb.of(
                        "ScheduleKeyDeletion",
                        AwsVerbsOfKeys::schedule,
                        VALIDATION,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(1));
                        }),
                AwsVerb.of(
                        "CancelKeyDeletion",
                        AwsVerbsOfKeys::cancel,
                        KmsInvalidStateException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.cancelKeyDeletion(r -> r.keyId(key));
                        }),
                AwsVerb.of(
                        "UpdateKeyDescription",
                        AwsVerbsOfKeys::describeAnew,
                        KmsInvalidStateException.class,
                        kms -> {
                            String key = AwsKeys.pendingDeletion(kms);
                            kms.updateKeyDescription(r -> r.keyId(key).description("late"));
                        }));
    }

    private static List<AwsVerb> names() {
        return List.of(
                AwsVerb.of(
                        "CreateAlias",
                        AwsVerbsOfKeys::alias,
                        AlreadyExistsException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.createAlias(r -> r.aliasName("alias/twice").targetKeyId(key));
                            kms.createAlias(r -> r.aliasName("alias/twice").targetKeyId(key));
                        }),
                AwsVerb.of(
                        "UpdateAlias",
                        AwsVerbsOfKeys::moveAlias,
                        NotFoundException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.updateAlias(r -> r.aliasName("alias/nobody").targetKeyId(key));
                        }),
                AwsVerb.of(
                        "DeleteAlias",
                        AwsVerbsOfKeys::deleteAlias,
                        VALIDATION,
                        kms -> kms.deleteAlias(r -> r.aliasName("no-alias"))),
                AwsVerb.of(
                        "ListAliases",
                        AwsVerbsOfKeys::listAliases,
                        InvalidMarkerException.class,
                        kms -> kms.listAliases(r -> r.marker("mine"))));
    }

    private static List<AwsVerb> tags() {
        return List.of(
                AwsVerb.of(
                        "TagResource",
                        kms -> assertThat(tags(kms, tagged(kms))).containsExactly(TAG),
                        TagException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            Tag reserved = TAG.toBuilder().tagKey("aws:team").build();
                            kms.tagResource(r -> r.keyId(key).tags(reserved));
                        }),
                AwsVerb.of(
                        "UntagResource",
                        kms -> {
                            String key = tagged(kms);
                            kms.untagResource(r -> r.keyId(key).tagKeys("team"));
                            assertThat(tags(kms, key)).isEmpty();
                        },
                        InvalidArnException.class,
                        kms -> kms.untagResource(r -> r.keyId("arn:aws:kms").tagKeys("team"))),
                AwsVerb.of(
                        "ListResourceTags",
                        kms -> assertThat(tags(kms, tagged(kms))).containsExactly(TAG),
                        NotFoundException.class,
                        kms -> kms.listResourceTags(r -> r.keyId(AwsKeys.NOBODY))));
    }

    private static List<AwsVerb> policies() {
        return List.of(
                AwsVerb.of(
                        "PutKeyPolicy",
                        AwsVerbsOfKeys::putPolicy,
                        MalformedPolicyDocumentException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.putKeyPolicy(r -> r.keyId(key).policy("{}"));
                        }),
                AwsVerb.of(
                        "GetKeyPolicy",
                        AwsVerbsOfKeys::putPolicy,
                        NotFoundException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.getKeyPolicy(r -> r.keyId(key).policyName("another"));
                        }),
                AwsVerb.of(
                        "ListKeyPolicies",
                        kms -> {
                            String key = AwsKeys.id(kms);
                            assertThat(kms.listKeyPolicies(r -> r.keyId(key)).policyNames())
                                    .containsExactly("default");
                        },
                        NotFoundException.class,
                        kms -> kms.listKeyPolicies(r -> r.keyId(AwsKeys.NOBODY))));
    }

    private static void create(KmsClient kms) {
        KeyMetadata key = kms.createKey(r -> r.description("by the SDK").tags(TAG)).keyMetadata();

        assertThat(key.arn()).isEqualTo("arn:aws:kms:us-east-1:123456789012:key/" + key.keyId());
        assertThat(key.description()).isEqualTo("by the SDK");
        assertThat(key.keyState()).isEqualTo(KeyState.ENABLED);
        assertThat(key.keySpec()).isEqualTo(KeySpec.SYMMETRIC_DEFAULT);
        assertThat(key.origin()).isEqualTo(OriginType.AWS_KMS);
        assertThat(key.creationDate()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(tags(kms, key.keyId())).containsExactly(TAG);
    }

    private static void describe(KmsClient kms) {
        KeyMetadata key = AwsKeys.symmetric(kms);
        assertThat(kms.describeKey(r -> r.keyId(key.arn())).keyMetadata()).isEqualTo(key);
    }

    private static void list(KmsClient kms) {
        KeyMetadata first = AwsKeys.symmetric(kms);
        KeyMetadata second = AwsKeys.symmetric(kms);
        assertThat(kms.listKeysPaginator(r -> r.limit(1)).keys().stream())
                .extracting(KeyListEntry::keyArn)
                .contains(first.arn(), second.arn());
    }

    private static void enable(KmsClient kms) {
        String key = AwsKeys.disabled(kms);
        kms.enableKey(r -> r.keyId(key));
        assertThat(state(kms, key)).isEqualTo("Enabled");
    }

    private static void schedule(KmsClient kms) {
        KeyMetadata key = AwsKeys.symmetric(kms);
        ScheduleKeyDeletionResponse planned =
                kms.scheduleKeyDeletion(r -> r.keyId(key.keyId()).pendingWindowInDays(7));

        assertThat(planned.keyId()).isEqualTo(key.arn());
        assertThat(planned.keyState()).isEqualTo(KeyState.PENDING_DELETION);
        assertThat(planned.pendingWindowInDays()).isEqualTo(7);
        assertThat(planned.deletionDate())
                .isCloseTo(Instant.now().plus(Duration.ofDays(7)), within(1, ChronoUnit.MINUTES));
    }

    private static void cancel(KmsClient kms) {
        String key = AwsKeys.pendingDeletion(kms);
        assertThat(kms.cancelKeyDeletion(r -> r.keyId(key)).keyId()).endsWith(key);
        assertThat(state(kms, key)).isEqualTo("Disabled");
    }

    private static void describeAnew(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.updateKeyDescription(r -> r.keyId(key).description("f\u00fcr \u20ac"));
        assertThat(kms.describeKey(r -> r.keyId(key)).keyMetadata().description())
                .isEqualTo("f\u00fcr \u20ac");
    }

    private static void alias(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.createAlias(r -> r.aliasName("alias/made").targetKeyId(key));
        assertThat(target(kms, "alias/made")).isEqualTo(key);
    }

    private static void moveAlias(KmsClient kms) {
        String before = AwsKeys.id(kms);
        String after = AwsKeys.id(kms);
        kms.createAlias(r -> r.aliasName("alias/moved").targetKeyId(before));
        kms.updateAlias(r -> r.aliasName("alias/moved").targetKeyId(after));
        assertThat(target(kms, "alias/moved")).isEqualTo(after);
    }

    private static void deleteAlias(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.createAlias(r -> r.aliasName("alias/gone").targetKeyId(key));
        kms.deleteAlias(r -> r.aliasName("alias/gone"));
        assertThat(kms.listAliases(r -> r.keyId(key)).aliases()).isEmpty();
    }

    private static void listAliases(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.createAlias(r -> r.aliasName("alias/b").targetKeyId(key));
        kms.createAlias(r -> r.aliasName("alias/a").targetKeyId(key));
        List<AliasListEntry> found = kms.listAliases(r -> r.keyId(key)).aliases();

        assertThat(found)
                .extracting(AliasListEntry::aliasName)
                .containsExactly("alias/a", "alias/b");
        assertThat(found).extracting(AliasListEntry::targetKeyId).containsOnly(key);
        assertThat(found.getFirst().aliasArn())
                .isEqualTo("arn:aws:kms:us-east-1:123456789012:alias/a");
        assertThat(found.getFirst().creationDate()).isNotNull();
    }

    private static String tagged(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.tagResource(r -> r.keyId(key).tags(TAG));
        return key;
    }

    private static void putPolicy(KmsClient kms) {
        String key = AwsKeys.id(kms);
        kms.putKeyPolicy(r -> r.keyId(key).policy(POLICY));
        assertThat(kms.getKeyPolicy(r -> r.keyId(key)).policy()).isEqualTo(POLICY);
        assertThat(kms.getKeyPolicy(r -> r.keyId(key)).policyName()).isEqualTo("default");
    }

    private static List<Tag> tags(KmsClient kms, String key) {
        return kms.listResourceTags(r -> r.keyId(key)).tags();
    }

    private static String state(KmsClient kms, String key) {
        return kms.describeKey(r -> r.keyId(key)).keyMetadata().keyStateAsString();
    }

    private static String target(KmsClient kms, String alias) {
        return kms.describeKey(r -> r.keyId(alias)).keyMetadata().keyId();
    }
}
