package io.keyhold.token.pkcs11;

import io.keyhold.key.BackingKey;
import io.keyhold.key.Bytes16;
import io.keyhold.key.Canary;
import io.keyhold.key.FaultName;
import io.keyhold.key.KeyId;
import io.keyhold.key.KmsFault;
import io.keyhold.token.KeyStore;
import io.keyhold.token.Sealed;
import io.keyhold.token.TokenObject;
import io.keyhold.token.pkcs11.ProvenObjects.VanishedException;
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key store that is one PKCS#11 token. */
public final class Pkcs11KeyStore implements KeyStore {

    private static final Logger log = LoggerFactory.getLogger(Pkcs11KeyStore.class);

    private final Cryptoki cryptoki;
    private final TokenSettings settings;
    private final Epochs epochs;
    private final Lanes lanes;
    private final AesGcm aesGcm;
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
        this.aesGcm = new AesGcm(cryptoki);
        this.turns = new Turns(settings.inProcess());
        this.objects = new ProvenObjects(cryptoki, aesGcm, turns);
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
    public Canary generate(KeyId key, BackingKey backing) {
        if (!making.add(backing.ckaId())) {
            throw Epochs.unavailable(); // an earlier try is still in the token
        }
        return lanes.slow(
                guarded((epoch, lane) -> generateOnce(epoch, lane, key, backing)),
                () -> making.remove(backing.ckaId()));
    }

    @Override
    public Optional<Canary> find(KeyId key, BackingKey backing) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            if (making.contains(backing.ckaId())) {
                                throw Epochs.unavailable(); // not there yet, and perhaps soon
                            }
                            OptionalLong object = objects.find(epoch, lane, key, backing);
                            if (object.isEmpty()
                                    || removedHalf(epoch, lane, key, backing, object.getAsLong())) {
                                return Optional.empty();
                            }
                            return Optional.of(
                                    adopt(epoch, lane, key, backing, object.getAsLong()));
                        }));
    }

    /**
     * SoftHSM, killed inside C_GenerateKey, leaves an object with a CKA_ID and without a key. It
     * can be told by CKA_LOCAL, which comes with the key; nothing was ever encrypted under it, for
     * only what was read back becomes active. So this one may be destroyed.
     */
    private boolean removedHalf(
            Epoch epoch, Lane lane, KeyId key, BackingKey backing, long object) {
        Attributes given = cryptoki.attributes(lane.session(), object, Pkcs11.CKA_LOCAL);
        if (given.values().get(Pkcs11.CKA_LOCAL) instanceof Boolean local
                && !local
                && objects.isNamed(lane, object, key, backing)) {
            log.warn("{} was made by half and is destroyed", backing.label(key));
            epoch.forget(backing.ckaId());
            cryptoki.destroyObject(lane.session(), object);
            return true;
        }
        return false;
    }

    @Override
    public Optional<Canary> inspect(KeyId key, BackingKey backing) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            OptionalLong object = objects.find(epoch, lane, key, backing);
                            if (object.isEmpty()) {
                                return Optional.empty();
                            }
                            if (!hasItsAttributes(lane, object.getAsLong(), key, backing)) {
                                throw KmsFault.of(
                                        FaultName.ConflictException,
                                        "Object '%s' has other attributes than those that Keyhold"
                                                + " makes.",
                                        backing.label(key));
                            }
                            return Optional.of(
                                    takeIn(epoch, lane, key, backing, object.getAsLong()));
                        }));
    }

    @Override
    public boolean holds(KeyId key, BackingKey backing) {
        return lanes.slow(
                guarded(
                        (epoch, lane) -> {
                            epoch.forget(backing.ckaId()); // the token is to be asked
                            try {
                                objects.handle(epoch, lane, key, backing);
                                return true;
                            } catch (VanishedException e) {
                                throw e; // perhaps a new epoch sees it
                            } catch (WrongObjectException e) {
                                log.debug("{}: {}", backing.label(key), e.getMessage());
                                return false;
                            }
                        }));
    }

    @Override
    public void destroy(KeyId key, BackingKey backing) {
        List<Long> left =
                lanes.slow(
                        guarded(
                                (epoch, lane) -> {
                                    for (long object : objects.all(lane, key, backing)) {
                                        log.info("{} is destroyed", backing.label(key));
                                        epoch.forgetFully(backing.ckaId());
                                        cryptoki.destroyObject(lane.session(), object);
                                    }
                                    return objects.all(lane, key, backing);
                                }));
        if (!left.isEmpty()) {
            throw KmsFault.of(
                    FaultName.KMSInternalException,
                    "The token still has %s after it was destroyed.",
                    backing.label(key));
        }
    }

    @Override
    public Sealed encrypt(KeyId key, BackingKey backing, byte[] aad, byte[] plaintext) {
        return use(
                key,
                backing,
                (lane, object) -> aesGcm.encrypt(lane, object, aad, plaintext),
                Epochs::unavailable);
    }

    @Override
    public byte[] decrypt(KeyId key, BackingKey backing, byte[] aad, Sealed sealed) {
        return use(
                key,
                backing,
                (lane, object) -> aesGcm.decrypt(lane, object, aad, sealed),
                () -> KmsFault.bare(FaultName.InvalidCiphertextException));
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
    private Canary generateOnce(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        Epoch.Handle known = epoch.handle(backing.ckaId());
        if (known != null) {
            return adopt(epoch, lane, key, backing, known.object());
        }
        if (!epoch.beginMaking(backing.ckaId())) {
            Optional<Canary> earlier = adoptIfThere(epoch, lane, key, backing);
            if (earlier.isPresent()) {
                return earlier.get();
            }
        }
        long object;
        try {
            object = turns.take(() -> aesGcm.generate(lane, key, backing));
        } catch (CkrException e) {
            Canary made = adoptIfThere(epoch, lane, key, backing).orElseThrow(() -> e);
            log.warn("{} was made though {}", backing.label(key), e.getMessage());
            return made;
        }
        if (!hasItsAttributes(lane, object, key, backing)) {
            cryptoki.destroyObject(lane.session(), object);
            throw otherAttributes();
        }
        return takeIn(epoch, lane, key, backing, object);
    }

    private Optional<Canary> adoptIfThere(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        OptionalLong object = objects.find(epoch, lane, key, backing);
        return object.isPresent()
                ? Optional.of(adopt(epoch, lane, key, backing, object.getAsLong()))
                : Optional.empty();
    }

    /**
     * Takes an object in that another call made; if it is not as it should be, it is left alone.
     */
    private Canary adopt(Epoch epoch, Lane lane, KeyId key, BackingKey backing, long object) {
        if (!hasItsAttributes(lane, object, key, backing)) {
            throw otherAttributes();
        }
        return takeIn(epoch, lane, key, backing, object);
    }

    private boolean hasItsAttributes(Lane lane, long object, KeyId key, BackingKey backing) {
        Long wrong = aesGcm.wrongAttribute(lane, object, key, backing);
        if (wrong != null) {
            log.error("{} has a wrong attribute 0x{}", backing.label(key), Long.toHexString(wrong));
        }
        return wrong == null;
    }

    private static KmsFault otherAttributes() {
        return KmsFault.of(
                FaultName.KMSInternalException,
                "The token made a key with other attributes than asked for.");
    }

    private Canary takeIn(Epoch epoch, Lane lane, KeyId key, BackingKey backing, long object) {
        epoch.found(backing.ckaId(), object);
        return aesGcm.canary(lane, object, key, backing);
    }

    private <T> T use(
            KeyId key,
            BackingKey backing,
            MaterialUse.Operation<T> operation,
            Supplier<KmsFault> dataIsBad) {
        MaterialUse<T> use = new MaterialUse<>(key, backing, operation, dataIsBad);
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
                cryptoki.attributesOfAny(lane.session(), object, Pkcs11.CKA_ID, Pkcs11.CKA_LABEL);
        byte[] id = seen.bytes(Pkcs11.CKA_ID);
        Optional<UUID> ckaId =
                id.length == Bytes16.LENGTH ? Optional.of(Bytes16.parse(id)) : Optional.empty();
        return new TokenObject(epoch.serial(), ckaId, seen.text(Pkcs11.CKA_LABEL));
    }
}
