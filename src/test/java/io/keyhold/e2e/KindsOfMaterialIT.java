package io.keyhold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.ProtocolMessageEnum;
import io.grpc.StatusRuntimeException;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.testkit.OwnersPair;
import io.keyhold.testkit.Wrapping;
import io.keyhold.token.pkcs11.NssDatabase;
import io.keyhold.token.pkcs11.OpenCryptoki;
import io.keyhold.token.pkcs11.TokenSettings;
import io.keyhold.v1.AlgorithmSpec;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DataKeyPairSpec;
import io.keyhold.v1.DecryptRequest;
import io.keyhold.v1.DeleteImportedKeyMaterialRequest;
import io.keyhold.v1.DeriveSharedSecretRequest;
import io.keyhold.v1.EncryptRequest;
import io.keyhold.v1.EncryptionAlgorithmSpec;
import io.keyhold.v1.ExpirationModelType;
import io.keyhold.v1.GenerateDataKeyPairRequest;
import io.keyhold.v1.GenerateMacRequest;
import io.keyhold.v1.GetParametersForImportRequest;
import io.keyhold.v1.GetParametersForImportResponse;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.ImportKeyMaterialRequest;
import io.keyhold.v1.KeyAgreementAlgorithmSpec;
import io.keyhold.v1.KeyMetadata;
import io.keyhold.v1.KeySpec;
import io.keyhold.v1.KeyUsageType;
import io.keyhold.v1.MacAlgorithmSpec;
import io.keyhold.v1.OriginType;
import io.keyhold.v1.SignRequest;
import io.keyhold.v1.SigningAlgorithmSpec;
import io.keyhold.v1.VerifyMacRequest;
import io.keyhold.v1.VerifyRequest;
import io.keyhold.v1.WrappingKeySpec;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every spec, usage and algorithm of AWS's is tried through the door, with each token that there is
 * here, and either works or is refused with a reason. README.md has the outcome as a table, which
 * this test makes.
 */
final class KindsOfMaterialIT {

    private static final ByteString MESSAGE = ByteString.copyFromUtf8("attack at dawn");
    private static final String HEAD =
            """
            | key spec | usage | works on SoftHSM 2.6.1 | refused | on NSS 3.87 | on openCryptoki 3.8.1 |
            |---|---|---|---|---|---|
            """;
    private static final String SAME = "the same";

    @RegisterExtension static final OneDaemon one = new OneDaemon();

    @TempDir private Path folder;
    private Client client;

    @Test
    void theTableInTheReadmeIsTrue() {
        client = one.client();
        Map<Kind, Outcome> softHsm = outcomes();
        Map<Kind, Outcome> nss = outcomes(NssDatabase.in(folder).settings());
        Map<Kind, Outcome> openCryptoki = outcomes(OpenCryptoki.started().settings());
        Map<String, List<String>> specsByOutcome = new LinkedHashMap<>();
        softHsm.forEach(
                (kind, outcome) -> {
                    String row =
                            String.join(
                                    " | ",
                                    kind.usage,
                                    outcome.works,
                                    outcome.refused,
                                    nss.get(kind).comparedWith(outcome),
                                    openCryptoki.get(kind).comparedWith(outcome));
                    specsByOutcome.computeIfAbsent(row, each -> new ArrayList<>()).add(kind.spec);
                });

        String table =
                specsByOutcome.entrySet().stream()
                        .map(row -> "| %s | %s |\n".formatted(quoted(row.getValue()), row.getKey()))
                        .collect(Collectors.joining("", HEAD, ""));

        assertThat(Commands.text(Commands.REPOSITORY.resolve("README.md")))
                .as("the table of kinds of material:\n%s", table)
                .contains(table);
    }

    /** Those of a daemon with another token. */
    private Map<Kind, Outcome> outcomes(TokenSettings token) {
        try (Home home = Home.prepare()) {
            home.configure("hsm/softhsm.cfg", token.libraryConfiguration().toString());
            home.configure("label = \"keyhold\"", "label = \"" + token.label() + "\"");
            home.configure("pin_file = \"pin\"", "pin_file = \"" + token.pinFile() + "\"");
            try (Daemon daemon = Daemon.start(home, Daemon.FAST_START);
                    Client operator = Listener.UNIX.connect(daemon)) {
                client = operator;
                return outcomes();
            }
        }
    }

    private Map<Kind, Outcome> outcomes() {
        Map<Kind, Outcome> outcomes = new LinkedHashMap<>();
        for (KeySpec.Value spec : values(KeySpec.Value.values())) {
            for (KeyUsageType.Value usage : values(KeyUsageType.Value.values())) {
                outcome(spec, usage)
                        .ifPresent(
                                outcome ->
                                        outcomes.put(
                                                new Kind(spec.name(), "`" + usage + "`"), outcome));
            }
        }
        for (KeySpec.Value spec : values(KeySpec.Value.values())) {
            if (!spec.name().startsWith("ML_")) { // AWS KMS takes no such material
                outcomes.put(new Kind(spec.name(), "imported, by"), outcomeOfImport(spec));
            }
        }
        for (DataKeyPairSpec.Value spec : values(DataKeyPairSpec.Value.values())) {
            outcomes.put(new Kind(spec.name(), "data key pair"), outcomeOfDataKeyPair(spec));
        }
        return outcomes;
    }

    /** Empty if the usage is not one of the spec. */
    private Optional<Outcome> outcome(KeySpec.Value spec, KeyUsageType.Value usage) {
        CreateKeyRequest request =
                CreateKeyRequest.newBuilder().setKeySpec(spec).setKeyUsage(usage).build();
        KeyMetadata key;
        try {
            key = client.call(Rpc.CREATE_KEY, request).getKeyMetadata();
        } catch (StatusRuntimeException e) {
            Refusal refusal = Refusal.of(e);
            return refusal.name().equals("ValidationException")
                    ? Optional.empty()
                    : Optional.of(new Outcome("", reason(refusal)));
        }
        return Optional.of(outcome(key));
    }

    private Outcome outcome(KeyMetadata key) {
        return switch (key.getKeyUsage()) {
            case ENCRYPT_DECRYPT ->
                    outcome(
                            EncryptionAlgorithmSpec.Value.values(),
                            key.getEncryptionAlgorithmsList(),
                            algorithm -> encrypt(key.getKeyId(), algorithm));
            case SIGN_VERIFY ->
                    outcome(
                            SigningAlgorithmSpec.Value.values(),
                            key.getSigningAlgorithmsList(),
                            algorithm -> sign(key.getKeyId(), algorithm));
            case GENERATE_VERIFY_MAC ->
                    outcome(
                            MacAlgorithmSpec.Value.values(),
                            key.getMacAlgorithmsList(),
                            algorithm -> mac(key.getKeyId(), algorithm));
            case KEY_AGREEMENT ->
                    outcome(
                            KeyAgreementAlgorithmSpec.Value.values(),
                            key.getKeyAgreementAlgorithmsList(),
                            algorithm -> agree(key.getKeyId(), algorithm));
            default -> throw new AssertionError(key);
        };
    }

    /** What works is what the key's metadata says. */
    private static <A extends Enum<A> & ProtocolMessageEnum> Outcome outcome(
            A[] algorithms, List<A> offered, Consumer<A> trial) {
        List<String> works = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (A algorithm : values(algorithms)) {
            try {
                trial.accept(algorithm);
                works.add(algorithm.name());
            } catch (StatusRuntimeException e) {
                Refusal refusal = Refusal.of(e);
                if (!refusal.name().equals("InvalidKeyUsageException")) {
                    refused.add("`%s`: %s".formatted(algorithm, reason(refusal)));
                }
            }
        }
        assertThat(offered).extracting(Enum::name).containsExactlyInAnyOrderElementsOf(works);
        return new Outcome(quoted(works), String.join("; ", refused));
    }

    private void encrypt(String key, EncryptionAlgorithmSpec.Value algorithm) {
        ByteString blob =
                client.call(
                                Rpc.ENCRYPT,
                                EncryptRequest.newBuilder()
                                        .setKeyId(key)
                                        .setPlaintext(MESSAGE)
                                        .setEncryptionAlgorithm(algorithm)
                                        .build())
                        .getCiphertextBlob();
        DecryptRequest decrypt =
                DecryptRequest.newBuilder()
                        .setKeyId(key)
                        .setCiphertextBlob(blob)
                        .setEncryptionAlgorithm(algorithm)
                        .build();
        assertThat(client.call(Rpc.DECRYPT, decrypt).getPlaintext()).isEqualTo(MESSAGE);
    }

    private void sign(String key, SigningAlgorithmSpec.Value algorithm) {
        ByteString signature =
                client.call(
                                Rpc.SIGN,
                                SignRequest.newBuilder()
                                        .setKeyId(key)
                                        .setMessage(MESSAGE)
                                        .setSigningAlgorithm(algorithm)
                                        .build())
                        .getSignature();
        VerifyRequest verify =
                VerifyRequest.newBuilder()
                        .setKeyId(key)
                        .setMessage(MESSAGE)
                        .setSigningAlgorithm(algorithm)
                        .setSignature(signature)
                        .build();
        assertThat(client.call(Rpc.VERIFY, verify).getSignatureValid()).isTrue();
    }

    private void mac(String key, MacAlgorithmSpec.Value algorithm) {
        ByteString mac =
                client.call(
                                Rpc.GENERATE_MAC,
                                GenerateMacRequest.newBuilder()
                                        .setKeyId(key)
                                        .setMessage(MESSAGE)
                                        .setMacAlgorithm(algorithm)
                                        .build())
                        .getMac();
        VerifyMacRequest verify =
                VerifyMacRequest.newBuilder()
                        .setKeyId(key)
                        .setMessage(MESSAGE)
                        .setMacAlgorithm(algorithm)
                        .setMac(mac)
                        .build();
        assertThat(client.call(Rpc.VERIFY_MAC, verify).getMacValid()).isTrue();
    }

    private void agree(String key, KeyAgreementAlgorithmSpec.Value algorithm) {
        ByteString publicKey =
                client.call(
                                Rpc.GET_PUBLIC_KEY,
                                GetPublicKeyRequest.newBuilder().setKeyId(key).build())
                        .getPublicKey();
        DeriveSharedSecretRequest derive =
                DeriveSharedSecretRequest.newBuilder()
                        .setKeyId(key)
                        .setKeyAgreementAlgorithm(algorithm)
                        .setPublicKey(publicKey)
                        .build();
        assertThat(client.call(Rpc.DERIVE, derive).getSharedSecret()).isNotEmpty();
    }

    private Outcome outcomeOfDataKeyPair(DataKeyPairSpec.Value spec) {
        try {
            GenerateDataKeyPairRequest request =
                    GenerateDataKeyPairRequest.newBuilder()
                            .setKeyId(client.createKey().getKeyId())
                            .setKeyPairSpec(spec)
                            .build();
            client.call(Rpc.DATA_KEY_PAIR, request);
            return new Outcome("yes", "");
        } catch (StatusRuntimeException e) {
            return new Outcome("", reason(Refusal.of(e)));
        }
    }

    private Outcome outcomeOfImport(KeySpec.Value spec) {
        CreateKeyRequest.Builder create =
                CreateKeyRequest.newBuilder()
                        .setOrigin(OriginType.Value.EXTERNAL)
                        .setKeySpec(spec)
                        .setKeyUsage(usage(spec));
        KeyMetadata key;
        try {
            key = client.call(Rpc.CREATE_KEY, create.build()).getKeyMetadata();
        } catch (StatusRuntimeException e) {
            return new Outcome("", reason(Refusal.of(e)));
        }
        List<String> works = new ArrayList<>();
        Map<String, List<String>> refused = new LinkedHashMap<>();
        byte[] material = material(io.keyhold.key.KeySpec.valueOf(spec.name()));
        for (AlgorithmSpec.Value algorithm : values(AlgorithmSpec.Value.values())) {
            try {
                takeIn(key, algorithm, material);
                works.add(algorithm.name());
            } catch (StatusRuntimeException e) {
                Refusal refusal = Refusal.of(e);
                if (!refusal.name().equals("ValidationException")) { // no room for it
                    refused.computeIfAbsent(reason(refusal), why -> new ArrayList<>())
                            .add(algorithm.name());
                }
            }
        }
        return new Outcome(
                quoted(works),
                refused.entrySet().stream()
                        .map(why -> quoted(why.getValue()) + ": " + why.getKey())
                        .collect(Collectors.joining("; ")));
    }

    private static KeyUsageType.Value usage(KeySpec.Value spec) {
        return spec.name().startsWith("HMAC")
                ? KeyUsageType.Value.GENERATE_VERIFY_MAC
                : spec == KeySpec.Value.SYMMETRIC_DEFAULT
                        ? KeyUsageType.Value.ENCRYPT_DECRYPT
                        : KeyUsageType.Value.SIGN_VERIFY;
    }

    private static byte[] material(io.keyhold.key.KeySpec spec) {
        if (!spec.isAsymmetric()) {
            int bits =
                    spec == io.keyhold.key.KeySpec.SYMMETRIC_DEFAULT
                            ? 256
                            : Integer.parseInt(spec.name().replace("HMAC_", ""));
            return Wrapping.random(bits / 8);
        }
        try {
            return OwnersPair.of(spec).privateKey();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** And uses it; then it is deleted, so that it can come once more by another algorithm. */
    private void takeIn(KeyMetadata key, AlgorithmSpec.Value algorithm, byte[] material) {
        GetParametersForImportResponse parameters =
                client.call(
                        Rpc.GET_PARAMETERS_FOR_IMPORT,
                        GetParametersForImportRequest.newBuilder()
                                .setKeyId(key.getKeyId())
                                .setWrappingAlgorithm(algorithm)
                                .setWrappingKeySpec(WrappingKeySpec.Value.RSA_3072)
                                .build());
        byte[] wrapped =
                Wrapping.wrap(
                        parameters.getPublicKey().toByteArray(),
                        WrappingAlgorithm.valueOf(algorithm.name()),
                        material);
        client.call(
                Rpc.IMPORT,
                ImportKeyMaterialRequest.newBuilder()
                        .setKeyId(key.getKeyId())
                        .setImportToken(parameters.getImportToken())
                        .setEncryptedKeyMaterial(ByteString.copyFrom(wrapped))
                        .setExpirationModel(ExpirationModelType.Value.KEY_MATERIAL_DOES_NOT_EXPIRE)
                        .build());
        use(key);
        client.call(
                Rpc.DELETE_IMPORTED,
                DeleteImportedKeyMaterialRequest.newBuilder().setKeyId(key.getKeyId()).build());
    }

    private void use(KeyMetadata key) {
        switch (key.getKeyUsage()) {
            case ENCRYPT_DECRYPT -> encrypt(key.getKeyId(), key.getEncryptionAlgorithms(0));
            case GENERATE_VERIFY_MAC -> mac(key.getKeyId(), key.getMacAlgorithms(0));
            default -> sign(key.getKeyId(), key.getSigningAlgorithms(0));
        }
    }

    /** What comes after "is not supported: ". */
    private static String reason(Refusal refusal) {
        assertThat(refusal.name()).isEqualTo("UnsupportedOperationException");
        String text = refusal.text();
        return text.substring(text.indexOf(": ") + 2, text.length() - 1);
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static <E extends Enum<E> & ProtocolMessageEnum> List<E> values(E[] all) {
        return Stream.of(all)
                .filter(each -> !each.name().matches("UNSPECIFIED|UNRECOGNIZED"))
                .toList();
    }

    private record Kind(String spec, String usage) {}

    /** Which algorithms work, and which are refused, and why. */
    private record Outcome(String works, String refused) {

        /** In one column. */
        String comparedWith(Outcome other) {
            if (equals(other)) {
                return SAME;
            }
            String not = refused.isEmpty() || works.isEmpty() ? refused : "; " + refused;
            return works.isEmpty() ? "no: " + not : works + not;
        }
    }
}
