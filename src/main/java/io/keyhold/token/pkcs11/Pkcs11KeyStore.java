package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.EncryptionAlgorithm;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeySpec;
import io.keyhold.key.KmsFault;
import io.keyhold.key.Material;
import io.keyhold.key.SigningAlgorithm;
import io.keyhold.token.DataKeyPair;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import io.keyhold.token.pkcs11.ProvenObjects.VanishedException;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key store that is one PKCS#11 token. */
public final class Pkcs11KeyStore implements KeyStore {

    private static final Logger log = LoggerFactory.getLogger(Pkcs11KeyStore.class);

    private final Cryptoki cryptoki;
    private final TokenSettings settings;
    private final Epochs epochs;
    private final Lanes lanes;
    private final Families families;
    private final Turns turns;
    private final ProvenObjects objects;
    private final Blame blame;

    /** CKA_IDs of objects that a call is making now, even if its caller has gone away. */
    private final Set<UUID> making = ConcurrentHashMap.newKeySet();

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
                        LibraryConfiguration.read(settings.libraryConfiguration()).oaepSha256());
        this.objects = new ProvenObjects(cryptoki, families, turns);
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
        if (!making.add(material.ckaId())) {
            throw Epochs.unavailable(); // an earlier try is still in the token
        }
        return lanes.slow(
                guarded((epoch, lane) -> generateOnce(epoch, lane, material)),
                () -> making.remove(material.ckaId()));
    }

    @Override
    public Optional<Canary> find(Material material) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            if (making.contains(material.ckaId())) {
                                throw Epochs.unavailable(); // not there yet, and perhaps soon
                            }
                            OptionalLong object = objects.find(epoch, lane, material);
                            if (object.isEmpty() || isHalf(lane, object.getAsLong(), material)) {
                                removeHalves(epoch, lane, material);
                                return Optional.empty();
                            }
                            return Optional.of(adopt(epoch, lane, material, object.getAsLong()));
                        }));
    }

    /**
     * SoftHSM, killed inside C_GenerateKey, leaves an object with a CKA_ID and without a key. It
     * can be told by CKA_LOCAL, which comes with the key.
     */
    private boolean isHalf(Lane lane, long object, Material material) {
        Attributes given = cryptoki.attributes(lane.session(), object, Pkcs11.CKA_LOCAL);
        return given.values().get(Pkcs11.CKA_LOCAL) instanceof Boolean local
                && !local
                && objects.isNamed(lane, object, material);
    }

    /**
     * Nothing was ever encrypted or signed with them, for only what was read back becomes active;
     * and a public half without the other is of no use. So these may be destroyed.
     */
    private void removeHalves(Epoch epoch, Lane lane, Material material) {
        for (long object : objects.all(epoch, lane, material)) {
            log.warn("{} was made by half and is destroyed", material.label());
            epoch.forgetFully(material.ckaId());
            cryptoki.destroyObject(lane.session(), object);
        }
    }

    @Override
    public Optional<Canary> inspect(Material material) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            OptionalLong object = objects.find(epoch, lane, material);
                            if (object.isEmpty()) {
                                return Optional.empty();
                            }
                            if (!hasItsAttributes(lane, object.getAsLong(), material)) {
                                throw KmsFault.of(
                                        FaultName.ConflictException,
                                        "Object '%s' has other attributes than those that Keyhold"
                                                + " makes.",
                                        material.label());
                            }
                            return Optional.of(takeIn(epoch, lane, material, object.getAsLong()));
                        }));
    }

    @Override
    public boolean holds(Material material) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            epoch.forget(material.ckaId()); // the token is to be asked
                            return isProven(epoch, lane, material);
                        }));
    }

    @Override
    public boolean answers(Material material) {
        return lanes.slow(guarded((epoch, lane) -> isProven(epoch, lane, material)));
    }

    private boolean isProven(Epoch epoch, Lane lane, Material material) {
        try {
            objects.handle(epoch, lane, material);
            return true;
        } catch (VanishedException e) {
            throw e; // perhaps a new epoch sees it
        } catch (WrongObjectException e) {
            log.debug("{}: {}", material.label(), e.getMessage());
            return false;
        }
    }

    @Override
    public void destroy(Material material) {
        List<Long> left =
                lanes.slow(
                        guarded(
                                (epoch, lane) -> {
                                    requireToken(epoch, material);
                                    for (long object : objects.all(epoch, lane, material)) {
                                        log.info("{} is destroyed", material.label());
                                        cryptoki.destroyObject(lane.session(), object);
                                    }
                                    epoch.forgetFully(material.ckaId());
                                    return objects.all(epoch, lane, material);
                                }));
        if (!left.isEmpty()) {
            throw KmsFault.of(
                    FaultName.KMSInternalException,
                    "The token still has %s after it was destroyed.",
                    material.label());
        }
    }

    /** What is in another token is not absent because it is not in this one. */
    private static void requireToken(Epoch epoch, Material material) {
        if (!material.backing().token().equals(epoch.serial())) {
            throw KmsFault.of(
                    FaultName.KeyUnavailableException,
                    "%s is in token %s, which is not there.",
                    material.label(),
                    material.backing().token());
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
        MaterialUse<byte[]> use =
                new MaterialUse<>(
                        material,
                        (lane, object) ->
                                families.rsa().decrypt(lane, object, algorithm, ciphertext),
                        () -> KmsFault.bare(FaultName.InvalidCiphertextException));
        return lanes.slow((epoch, lane) -> use.run(epoch, lane, objects, blame));
    }

    @Override
    public byte[] mac(Material material, byte[] message) {
        return use(
                material,
                (lane, object) -> families.hmac().mac(lane, object, material, message),
                Epochs::unavailable);
    }

    @Override
    public byte[] sign(Material material, SigningAlgorithm algorithm, byte[] input) {
        PairFamily family = families.pairs(material.spec());
        MaterialUse<byte[]> use =
                new MaterialUse<>(
                        material,
                        (lane, object) -> family.sign(lane, object, algorithm, input),
                        Epochs::unavailable);
        Lanes.Call<byte[]> call = (epoch, lane) -> use.run(epoch, lane, objects, blame);
        return family.isQuick() ? lanes.fast(call) : lanes.slow(call);
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
        return lanes.slow(
                guarded((epoch, lane) -> turns.take(() -> family.forOutside(lane, spec))));
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
        return lanes.slow(
                guarded(
                        (epoch, lane) ->
                                everything(lane).stream()
                                        .map(object -> describe(epoch, lane, object))
                                        .toList()));
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

    /**
     * Makes an object unless it is there. A second try never makes a second one: what an earlier
     * try, whose answer was lost, may have made is looked for.
     */
    private Canary generateOnce(Epoch epoch, Lane lane, Material material) {
        Epoch.Handle known = epoch.handle(material.ckaId());
        if (known != null) {
            return adopt(epoch, lane, material, known.object());
        }
        if (!epoch.beginMaking(material.ckaId())) {
            Optional<Canary> earlier = adoptIfThere(epoch, lane, material);
            if (earlier.isPresent()) {
                return earlier.get();
            }
        }
        long object;
        try {
            object = turns.take(() -> families.of(material).generate(lane, material));
        } catch (CkrException e) {
            Canary made = adoptIfThere(epoch, lane, material).orElseThrow(() -> e);
            log.warn("{} was made though {}", material.label(), e.getMessage());
            return made;
        }
        if (!hasItsAttributes(lane, object, material)) {
            objects.all(epoch, lane, material)
                    .forEach(each -> cryptoki.destroyObject(lane.session(), each));
            throw otherAttributes();
        }
        return takeIn(epoch, lane, material, object);
    }

    private Optional<Canary> adoptIfThere(Epoch epoch, Lane lane, Material material) {
        OptionalLong object = objects.find(epoch, lane, material);
        return object.isPresent()
                ? Optional.of(adopt(epoch, lane, material, object.getAsLong()))
                : Optional.empty();
    }

    /**
     * Takes an object in that another call made; if it is not as it should be, it is left alone.
     */
    private Canary adopt(Epoch epoch, Lane lane, Material material, long object) {
        if (!hasItsAttributes(lane, object, material)) {
            throw otherAttributes();
        }
        return takeIn(epoch, lane, material, object);
    }

    private boolean hasItsAttributes(Lane lane, long object, Material material) {
        Long wrong = families.of(material).wrongAttribute(lane, object, material);
        if (wrong != null) {
            log.error("{} has a wrong attribute 0x{}", material.label(), Long.toHexString(wrong));
        }
        return wrong == null;
    }

    private static KmsFault otherAttributes() {
        return KmsFault.of(
                FaultName.KMSInternalException,
                "The token made a key with other attributes than asked for.");
    }

    private Canary takeIn(Epoch epoch, Lane lane, Material material, long object) {
        epoch.found(material.ckaId(), object);
        return families.of(material).canary(lane, object, material);
    }

    private <T> T use(
            Material material, MaterialUse.Operation<T> operation, Supplier<KmsFault> dataIsBad) {
        MaterialUse<T> use = new MaterialUse<>(material, operation, dataIsBad);
        return lanes.fast((epoch, lane) -> use.run(epoch, lane, objects, blame));
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

    private List<Long> everything(Lane lane) {
        return turns.take(() -> cryptoki.findObjects(lane.session(), new Attributes()));
    }

    private TokenObject describe(Epoch epoch, Lane lane, long object) {
        Attributes seen =
                cryptoki.attributesOfAny(
                        lane.session(), object, Pkcs11.CKA_ID, Pkcs11.CKA_LABEL, Pkcs11.CKA_CLASS);
        byte[] id = seen.bytes(Pkcs11.CKA_ID);
        Optional<UUID> ckaId =
                id.length == Bytes16.LENGTH ? Optional.of(Bytes16.parse(id)) : Optional.empty();
        boolean publicHalf =
                Long.valueOf(Pkcs11.CKO_PUBLIC_KEY).equals(seen.values().get(Pkcs11.CKA_CLASS));
        return new TokenObject(epoch.serial(), ckaId, seen.text(Pkcs11.CKA_LABEL), publicHalf);
    }
}
