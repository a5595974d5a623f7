package io.keyhold.token.pkcs11;

import io.keyhold.key.Canary;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.key.WrappingAlgorithm;
import io.keyhold.token.DataKeyPair;
import io.keyhold.token.Encapsulated;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import io.keyhold.token.WrappedMaterial;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A key store that is one PKCS#11 token. */
public final class Pkcs11KeyStore implements KeyStore {

    private final Cryptoki cryptoki;
    private final TokenSettings settings;
    private final Epochs epochs;
    private final Lanes lanes;
    private final Families families;
    private final Turns turns;
    private final ProvenObjects objects;
    private final ObjectMaker maker;
    private final Importer importer;
    private final Blame blame;

    /** CKA_IDs of objects that a call is making now, even if its caller has gone away. */
    private final Set<UUID> making = ConcurrentHashMap.newKeySet();

    private final Semaphore slowGenerations = new Semaphore(1);

    Pkcs11KeyStore(Cryptoki cryptoki, TokenSettings settings, Runnable abandon) {
        this.cryptoki = cryptoki;
        this.settings = settings;
        this.epochs = new Epochs(new Connector(cryptoki, settings), settings, abandon);
        this.lanes = new Lanes(epochs, settings);
        this.turns = new Turns(settings.inProcess());
        this.families =
                new Families(
                        cryptoki,
                        turns,
                        LibraryConfiguration.read(settings.libraryConfiguration()),
                        settings.plaintextImports());
        this.objects = new ProvenObjects(cryptoki, families, turns);
        this.maker = new ObjectMaker(cryptoki, families, objects, turns);
        this.importer = new Importer(cryptoki, families, maker, turns);
        this.blame = new Blame(epochs, objects, settings.describe());
    }

    /**
     * Opens the token: loads its library, logs in once.
     *
     * @param abandon ends the process when a call into the library does not come back
     * @throws TokenException saying what an operator has to do
     */
    public static Pkcs11KeyStore open(TokenSettings settings, Runnable abandon) {
        return new Pkcs11KeyStore(SunCryptoki.load(settings), settings, abandon);
    }

    @Override
    public String tokenForNewMaterial() {
        return epochs.current().serial();
    }

    @Override
    public Canary generate(Material material) {
        Family family = families.of(material);
        if (!making.add(material.ckaId())) {
            throw Epochs.unavailable(); // an earlier try is still in the token
        }
        return make(
                family,
                (epoch, lane) -> maker.generateOnce(epoch, lane, material),
                () -> making.remove(material.ckaId()));
    }

    /**
     * RSA pairs take seconds to be made, and in this process everything else that makes or searches
     * waits for its turn: so there is one at a time, and no queue of them.
     */
    private <T> T make(Family family, Lanes.Call<T> call, Runnable over) {
        if (family.isQuick()) {
            return lanes.slow(guarded(call), over);
        }
        if (!slowGenerations.tryAcquire()) {
            over.run();
            throw KmsFault.of(
                    FaultName.ThrottlingException, "The token makes another RSA pair just now.");
        }
        return lanes.slow(
                guarded(call),
                () -> {
                    slowGenerations.release();
                    over.run();
                });
    }

    @Override
    public Optional<Canary> find(Material material) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            if (making.contains(material.ckaId())) {
                                throw Epochs.unavailable(); // not there yet, and perhaps soon
                            }
                            return maker.finish(epoch, lane, material);
                        }));
    }

    @Override
    public Optional<Canary> inspect(Material material) {
        return lanes.slow(guarded((epoch, lane) -> maker.inspect(epoch, lane, material)));
    }

    @Override
    public void requireImportable(KeySpec spec) {
        families.requireImportable(spec);
    }

    @Override
    public Set<WrappingAlgorithm> unwraps() {
        return families.rsa().unwraps();
    }

    @Override
    public byte[] identify(KeySpec spec, WrappedMaterial wrapped) {
        return unwrapping(
                wrapped,
                (epoch, lane, key) -> importer.identify(lane, key, spec, wrapped),
                () -> {});
    }

    @Override
    public Canary unwrap(Material material, WrappedMaterial wrapped, byte[] identity) {
        if (!making.add(material.ckaId())) {
            throw Epochs.unavailable(); // an earlier try is still in the token
        }
        return unwrapping(
                wrapped,
                (epoch, lane, key) -> importer.make(epoch, lane, key, material, wrapped, identity),
                () -> making.remove(material.ckaId()));
    }

    private <T> T unwrapping(WrappedMaterial wrapped, Unwrapping<T> unwrapping, Runnable over) {
        return lanes.slow(
                (epoch, lane) ->
                        new MaterialUse<>(
                                        wrapped.wrappingKey(),
                                        (same, key) -> unwrapping.with(epoch, lane, key),
                                        () -> KmsFault.bare(FaultName.InvalidCiphertextException))
                                .run(epoch, lane, objects, blame),
                over);
    }

    /** What is done with a proven wrapping key. */
    private interface Unwrapping<T> {
        T with(Epoch epoch, Lane lane, long wrappingKey);
    }

    @Override
    public boolean holds(Material material) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            epoch.forget(material.ckaId()); // the token is to be asked
                            return objects.isProven(epoch, lane, material);
                        }));
    }

    @Override
    public boolean answers(Material material) {
        return lanes.slow(guarded((epoch, lane) -> objects.isProven(epoch, lane, material)));
    }

    @Override
    public void destroy(Material material) {
        if (making.contains(material.ckaId())) {
            throw Epochs.unavailable(); // it may be there in a moment
        }
        boolean gone = lanes.slow(guarded((epoch, lane) -> maker.destroy(epoch, lane, material)));
        if (!gone) {
            throw KmsFault.of(
                    FaultName.KMSInternalException,
                    "The token still has %s after it was destroyed.",
                    material.label());
        }
    }

    @Override
    public Sealed encrypt(Material material, byte[] aad, byte[] plaintext) {
        return use(
                material,
                (lane, object) -> families.aesGcm().encrypt(lane, object, aad, plaintext),
                Epochs::unavailable);
    }

    @Override
    public byte[] decrypt(Material material, byte[] aad, Sealed sealed) {
        return use(
                material,
                (lane, object) -> families.aesGcm().decrypt(lane, object, aad, sealed),
                () -> KmsFault.bare(FaultName.InvalidCiphertextException));
    }

    @Override
    public Set<EncryptionAlgorithm> deciphers(KeySpec spec) {
        return EncryptionAlgorithm.of(spec).stream()
                .filter(each -> !spec.isAsymmetric() || families.rsa().deciphers().contains(each))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public byte[] decipher(Material material, EncryptionAlgorithm algorithm, byte[] ciphertext) {
        return use(
                material,
                (lane, object) -> families.rsa().decrypt(lane, object, algorithm, ciphertext),
                () -> KmsFault.bare(FaultName.InvalidCiphertextException));
    }

    @Override
    public byte[] mac(Material material, byte[] message) {
        return use(
                material,
                (lane, object) -> families.hmac().mac(lane, object, material.spec(), message),
                Epochs::unavailable);
    }

    @Override
    public byte[] sign(Material material, SigningAlgorithm algorithm, byte[] input) {
        PairFamily family = families.pairs(material.spec());
        return use(
                material,
                (lane, object) -> family.sign(lane, object, algorithm, input),
                Epochs::unavailable);
    }

    @Override
    public byte[] deriveSharedSecret(Material material, byte[] other) {
        EllipticCurve curves = families.ellipticCurve();
        byte[] point = EllipticCurve.point(material.spec(), other);
        return use(
                material,
                (lane, object) -> curves.derive(lane, object, material.spec(), point),
                Epochs::unavailable);
    }

    @Override
    public Encapsulated encapsulate(Material material) {
        throw families.withoutEncapsulation(material.spec());
    }

    @Override
    public byte[] decapsulate(Material material, byte[] ciphertext) {
        throw families.withoutEncapsulation(material.spec());
    }

    @Override
    public byte[] publicKey(Material material) {
        Canary canary = material.backing().canary();
        if (canary == null || !material.spec().isAsymmetric()) {
            throw new IllegalArgumentException(material.label() + " has no public key");
        }
        return canary.bytes();
    }

    @Override
    public DataKeyPair dataKeyPair(KeySpec spec) {
        PairFamily family = families.pairs(spec);
        return make(
                family, (epoch, lane) -> turns.take(() -> family.forOutside(lane, spec)), () -> {});
    }

    @Override
    public byte[] random(int length) {
        return lanes.fast(
                guarded(
                        (epoch, lane) -> {
                            byte[] bytes = new byte[length];
                            cryptoki.generateRandom(lane.session(), bytes);
                            return bytes;
                        }));
    }

    @Override
    public List<TokenObject> objects() {
        return lanes.slow(guarded(maker::everything));
    }

    @Override
    public void whenAvailable(Runnable listener) {
        epochs.onBegin(listener);
    }

    @Override
    public boolean available() {
        return epochs.available();
    }

    @Override
    public boolean inProcess() {
        return settings.inProcess();
    }

    @Override
    public void close() {
        lanes.close();
        epochs.close();
    }

    private <T> T use(
            Material material, MaterialUse.Operation<T> operation, Supplier<KmsFault> dataIsBad) {
        MaterialUse<T> use = new MaterialUse<>(material, operation, dataIsBad);
        Lanes.Call<T> call = (epoch, lane) -> use.run(epoch, lane, objects, blame);
        return families.of(material).isQuick() ? lanes.fast(call) : lanes.slow(call);
    }

    /** A call that may be made again, once, when its session turns out to be lost. */
    private <T> Lanes.Call<T> guarded(Lanes.Call<T> call) {
        return (epoch, lane) -> {
            try {
                try {
                    return call.on(epoch, lane);
                } catch (CkrException e) {
                    if (e.kind() != CkrClass.SESSION_LOST) {
                        throw e;
                    }
                    lane.reopen();
                    return call.on(epoch, lane);
                }
            } catch (CkrException e) {
                throw blame.of(epoch, e);
            } catch (WrongObjectException e) {
                throw blame.of(epoch, lane, e);
            }
        };
    }
}
