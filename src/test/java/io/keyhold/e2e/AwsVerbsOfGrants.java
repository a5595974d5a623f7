package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateGrantResponse;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.InvalidArnException;
import software.amazon.awssdk.services.kms.model.InvalidGrantIdException;
import software.amazon.awssdk.services.kms.model.InvalidGrantTokenException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Grants, by AWS's SDK. */
final class AwsVerbsOfGrants {

    private static final String GRANTEE = "arn:aws:iam::123456789012:user/grantee";
    private static final Map<String, String> CONTEXT = Map.of("purpose", "test");

    private AwsVerbsOfGrants() {}

    static Stream<AwsVerb> rows() {
        return Stream.of(
                AwsVerb.of(
                        "CreateGrant",
                        AwsVerbsOfGrants::createAndList,
                        InvalidArnException.class,
                        kms -> create(kms, AwsKeys.id(kms), "nobody")),
                AwsVerb.of(
                        "ListGrants",
                        AwsVerbsOfGrants::createAndList,
                        NotFoundException.class,
                        kms -> kms.listGrants(r -> r.keyId(AwsKeys.NOBODY))),
                AwsVerb.of(
                        "ListRetirableGrants",
                        AwsVerbsOfGrants::listRetirable,
                        InvalidArnException.class,
                        kms -> kms.listRetirableGrants(r -> r.retiringPrincipal("nobody"))),
                AwsVerb.of(
                        "RetireGrant",
                        kms -> {
                            String key = AwsKeys.id(kms);
                            String token = create(kms, key, GRANTEE).grantToken();
                            kms.retireGrant(r -> r.grantToken(token));
                            assertThat(grants(kms, key)).isEmpty();
                        },
                        InvalidGrantTokenException.class,
                        kms -> kms.retireGrant(r -> r.grantToken("token"))),
                AwsVerb.of(
                        "RevokeGrant",
                        kms -> {
                            String key = AwsKeys.id(kms);
                            String id = create(kms, key, GRANTEE).grantId();
                            kms.revokeGrant(r -> r.keyId(key).grantId(id));
                            assertThat(grants(kms, key)).isEmpty();
                        },
                        InvalidGrantIdException.class,
                        kms -> {
                            String key = AwsKeys.id(kms);
                            kms.revokeGrant(r -> r.keyId(key).grantId("grant"));
                        }));
    }

    private static void createAndList(KmsClient kms) {
        String key = AwsKeys.id(kms);
        CreateGrantResponse made = create(kms, key, GRANTEE);
        List<GrantListEntry> found = grants(kms, key);

        assertThat(made.grantToken()).isNotEmpty();
        assertThat(found).hasSize(1);
        GrantListEntry grant = found.getFirst();
        assertThat(grant.grantId()).isEqualTo(made.grantId());
        assertThat(grant.granteePrincipal()).isEqualTo(GRANTEE);
        assertThat(grant.issuingAccount()).isEqualTo("arn:aws:iam::123456789012:root");
        assertThat(grant.operations())
                .containsExactlyInAnyOrder(GrantOperation.ENCRYPT, GrantOperation.DECRYPT);
        assertThat(grant.constraints().encryptionContextSubset()).isEqualTo(CONTEXT);
    }

    private static void listRetirable(KmsClient kms) {
        String id = create(kms, AwsKeys.id(kms), GRANTEE).grantId();
        assertThat(kms.listRetirableGrants(r -> r.retiringPrincipal(GRANTEE)).grants())
                .extracting(GrantListEntry::grantId)
                .contains(id);
    }

    private static CreateGrantResponse create(KmsClient kms, String key, String grantee) {
        return kms.createGrant(
                r ->
                        r.keyId(key)
                                .granteePrincipal(grantee)
                                .retiringPrincipal(GRANTEE)
                                .operations(GrantOperation.ENCRYPT, GrantOperation.DECRYPT)
                                .constraints(c -> c.encryptionContextSubset(CONTEXT)));
    }

    private static List<GrantListEntry> grants(KmsClient kms, String key) {
        return kms.listGrants(r -> r.keyId(key)).grants();
    }
}
