package io.keyhold.key;

import static io.keyhold.key.KeyUsage.ENCAPSULATE_DECAPSULATE;
import static io.keyhold.key.KeyUsage.ENCRYPT_DECRYPT;
import static io.keyhold.key.KeyUsage.GENERATE_VERIFY_MAC;
import static io.keyhold.key.KeyUsage.KEY_AGREEMENT;
import static io.keyhold.key.KeyUsage.SIGN_VERIFY;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a grant can allow, by AWS's names.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/grants.html">Grant
 *     operations</a>
 */
public enum GrantOperation {
    CreateGrant(Material.ANY),
    Decapsulate(Material.PAIR, ENCAPSULATE_DECAPSULATE),
    Decrypt(Material.ANY, ENCRYPT_DECRYPT),
    DeriveSharedSecret(Material.PAIR, KEY_AGREEMENT),
    DescribeKey(Material.ANY),
    Encapsulate(Material.PAIR, ENCAPSULATE_DECAPSULATE),
    Encrypt(Material.ANY, ENCRYPT_DECRYPT),
    GenerateDataKey(Material.SYMMETRIC, ENCRYPT_DECRYPT),
    GenerateDataKeyPair(Material.SYMMETRIC, ENCRYPT_DECRYPT),
    GenerateDataKeyPairWithoutPlaintext(Material.SYMMETRIC, ENCRYPT_DECRYPT),
    GenerateDataKeyWithoutPlaintext(Material.SYMMETRIC, ENCRYPT_DECRYPT),
    GenerateMac(Material.ANY, GENERATE_VERIFY_MAC),
    GetPublicKey(
            Material.PAIR, ENCAPSULATE_DECAPSULATE, ENCRYPT_DECRYPT, KEY_AGREEMENT, SIGN_VERIFY),
    ReEncryptFrom(Material.ANY, ENCRYPT_DECRYPT),
    ReEncryptTo(Material.ANY, ENCRYPT_DECRYPT),
    RetireGrant(Material.ANY),
    Sign(Material.PAIR, SIGN_VERIFY),
    Verify(Material.PAIR, SIGN_VERIFY),
    VerifyMac(Material.ANY, GENERATE_VERIFY_MAC);

    private static final Map<String, GrantOperation> BY_ACTION =
            Stream.of(values())
                    .collect(
                            Collectors.toUnmodifiableMap(
                                    operation -> "kms:" + operation.name().toLowerCase(Locale.ROOT),
                                    Function.identity()));

    private final Material material;

    @SuppressWarnings("ImmutableEnumChecker") // never changed after the constructor
    private final Set<KeyUsage> usages;

    GrantOperation(Material material, KeyUsage... usages) {
        this.material = material;
        this.usages = EnumSet.noneOf(KeyUsage.class);
        this.usages.addAll(Set.of(usages.length == 0 ? KeyUsage.values() : usages));
    }

    /** The operation that an action, in lower case, stands for, if a grant can allow it. */
    public static Optional<GrantOperation> ofAction(String lowerCaseAction) {
        return Optional.ofNullable(BY_ACTION.get(lowerCaseAction));
    }

    /** Whether a key can do it at all. */
    public boolean fits(KeySpec spec, KeyUsage usage) {
        boolean symmetric = spec == KeySpec.SYMMETRIC_DEFAULT;
        boolean fits =
                switch (material) {
                    case ANY -> true;
                    case SYMMETRIC -> symmetric;
                    case PAIR -> !symmetric;
                };
        return fits && usages.contains(usage);
    }

    /** Whether a call has an encryption context, if the key is a symmetric one. */
    public boolean hasEncryptionContext() {
        return switch (this) {
            case Decrypt,
                    Encrypt,
                    GenerateDataKey,
                    GenerateDataKeyPair,
                    GenerateDataKeyPairWithoutPlaintext,
                    GenerateDataKeyWithoutPlaintext,
                    ReEncryptFrom,
                    ReEncryptTo ->
                    true;
            default -> false;
        };
    }

    private enum Material {
        ANY,
        /** Of SYMMETRIC_DEFAULT keys. */
        SYMMETRIC,
        /** A private and a public key. */
        PAIR
    }
}
