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
import io.keyhold.token.pkcs11.ProvenObjects.WrongObjectException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
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
    private final ProvenObjects objects;
    private final Blame blame;

    Pkcs11KeyStore(Cryptoki cryptoki, TokenSettings settings, Runnable abandon) {
        this.cryptoki = cryptoki;
        this.settings = settings;
        this.epochs = new Epochs(new Connector(cryptoki, settings), settings, abandon);
        this.lanes = new Lanes(epochs, settings);
        this.aesGcm = new AesGcm(cryptoki);
        this.objects = new ProvenObjects(cryptoki, aesGcm);
        this.blame = new Blame(epochs, objects, settings.describe());
    }

    /**
     * Opens the token: loads its library, logs in once.
     *
     * @param abandon ends the process when a call into the library does not come back
     * @throws TokenException saying what an operator has to do
     */
    public static Pkcs11KeyStore open(TokenSettings settings, Runnable abandon) {
        LibraryConfiguration library = LibraryConfiguration.read(settings.libraryConfiguration());
        ProcessEnvironment.set(settings.environment());
        try {
            return new Pkcs11KeyStore(new SunCryptoki(library.library()), settings, abandon);
        } catch (IOException e) {
            throw new TokenException("cannot load " + library.library(), e);
        } catch (RefusedPins.PinRefusedException e) {
            throw new TokenException(e.getMessage() + "", e);
        }
    }

    @Override
    public String tokenForNewMaterial() {
        return epochs.current().serial();
    }

    @Override
    public Canary generate(KeyId key, BackingKey backing) {
        return once(
                (epoch, lane) -> {
                    long object = generateOnce(lane, key, backing);
                    if (!hasItsAttributes(lane, object, key, backing)) {
                        cryptoki.destroyObject(lane.session(), object);
                        throw otherAttributes();
                    }
                    return takeIn(epoch, lane, key, backing, object);
                });
    }

    @Override
    public Optional<Canary> find(KeyId key, BackingKey backing) {
        return once(
                (epoch, lane) -> {
                    OptionalLong object = objects.find(lane, backing.ckaId());
                    if (object.isEmpty()) {
                        return Optional.empty();
                    }
                    if (!hasItsAttributes(lane, object.getAsLong(), key, backing)) {
                        throw otherAttributes();
                    }
                    return Optional.of(takeIn(epoch, lane, key, backing, object.getAsLong()));
                });
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
    public List<TokenObject> objects() {
        return once(
                (epoch, lane) ->
                        cryptoki.findObjects(lane.session(), new Attributes()).stream()
                                .map(object -> describe(epoch, lane, object))
                                .toList());
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

    /** A second try never makes a second object: after a failure the first one is looked for. */
    private long generateOnce(Lane lane, KeyId key, BackingKey backing) {
        try {
            return aesGcm.generate(lane, key, backing);
        } catch (CkrException e) {
            OptionalLong made = objects.find(lane, backing.ckaId());
            if (made.isEmpty()) {
                throw e;
            }
            log.warn("{} was made though {}", backing.label(key), e.getMessage());
            return made.getAsLong();
        }
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

    /** Runs a call that is not repeated. */
    private <T> T once(Lanes.Call<T> call) {
        return lanes.slow(
                (epoch, lane) -> {
                    try {
                        return call.on(epoch, lane);
                    } catch (CkrException e) {
                        throw blame.of(epoch, e);
                    } catch (WrongObjectException e) {
                        throw blame.of(epoch, lane, e);
                    }
                });
    }

    private TokenObject describe(Epoch epoch, Lane lane, long object) {
        Attributes seen =
                cryptoki.attributes(lane.session(), object, Pkcs11.CKA_ID, Pkcs11.CKA_LABEL);
        byte[] id = seen.bytes(Pkcs11.CKA_ID);
        Optional<UUID> ckaId =
                id.length == Bytes16.LENGTH ? Optional.of(Bytes16.parse(id)) : Optional.empty();
        return new TokenObject(epoch.serial(), ckaId, seen.text(Pkcs11.CKA_LABEL));
    }
}
