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

    Pkcs11KeyStore(Cryptoki cryptoki, TokenSettings settings, Runnable abandon) {
        this.cryptoki = cryptoki;
        this.settings = settings;
        this.epochs = new Epochs(new Connector(cryptoki, settings), settings, abandon);
        this.lanes = new Lanes(epochs, settings);
        this.aesGcm = new AesGcm(cryptoki);
        this.objects = new ProvenObjects(cryptoki, aesGcm);
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
        return lanes.slow(
                (epoch, lane) -> {
                    try {
                        return settle(epoch, lane, key, backing, generateOnce(lane, key, backing));
                    } catch (CkrException | WrongObjectException e) {
                        throw failed(epoch, e);
                    }
                });
    }

    @Override
    public Optional<Canary> find(KeyId key, BackingKey backing) {
        return lanes.slow(
                (epoch, lane) -> {
                    try {
                        OptionalLong object = objects.find(lane, backing.ckaId());
                        return object.isPresent()
                                ? Optional.of(settle(epoch, lane, key, backing, object.getAsLong()))
                                : Optional.empty();
                    } catch (CkrException | WrongObjectException e) {
                        throw failed(epoch, e);
                    }
                });
    }

    @Override
    public Sealed encrypt(KeyId key, BackingKey backing, byte[] aad, byte[] plaintext) {
        return use(
                key,
                backing,
                (lane, object) -> aesGcm.encrypt(lane, object, aad, plaintext),
                Epochs.unavailable());
    }

    @Override
    public byte[] decrypt(KeyId key, BackingKey backing, byte[] aad, Sealed sealed) {
        return use(
                key,
                backing,
                (lane, object) -> aesGcm.decrypt(lane, object, aad, sealed),
                KmsFault.bare(FaultName.InvalidCiphertextException));
    }

    @Override
    public List<TokenObject> objects() {
        return lanes.slow(
                (epoch, lane) ->
                        cryptoki.findObjects(lane.session(), new Attributes()).stream()
                                .map(object -> describe(epoch, lane, object))
                                .toList());
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

    /** Takes a new object in: its attributes must be right, then it gets its canary. */
    private Canary settle(Epoch epoch, Lane lane, KeyId key, BackingKey backing, long object) {
        Long wrong = aesGcm.wrongAttribute(lane, object, key, backing);
        if (wrong != null) {
            cryptoki.destroyObject(lane.session(), object);
            log.error(
                    "{} came with another attribute 0x{} and was destroyed",
                    backing.label(key),
                    Long.toHexString(wrong));
            throw KmsFault.of(
                    FaultName.KMSInternalException,
                    "The token made a key with other attributes than asked for.");
        }
        Canary canary = aesGcm.canary(lane, object, key, backing);
        epoch.found(backing.ckaId(), object);
        return canary;
    }

    private <T> T use(KeyId key, BackingKey backing, Use<T> use, KmsFault dataIsBad) {
        return lanes.fast((epoch, lane) -> use(epoch, lane, key, backing, use, dataIsBad, true));
    }

    private <T> T use(
            Epoch epoch,
            Lane lane,
            KeyId key,
            BackingKey backing,
            Use<T> use,
            KmsFault dataIsBad,
            boolean retry) {
        try {
            return use.of(lane, objects.handle(epoch, lane, key, backing));
        } catch (WrongObjectException e) {
            throw failed(epoch, e);
        } catch (CkrException e) {
            switch (e.kind()) {
                case DATA -> throw dataIsBad;
                case AMBIGUOUS -> {
                    if (stillGood(epoch, lane, key, backing)) {
                        throw dataIsBad;
                    }
                    epochs.suspect(epoch, e.getMessage() + ", and the canary failed");
                    throw Epochs.unavailable();
                }
                case HANDLE_STALE -> epoch.forget(backing.ckaId());
                case SESSION_LOST -> reopen(epoch, lane);
                default -> throw failed(epoch, e);
            }
            if (!retry) {
                throw failed(epoch, e);
            }
            return use(epoch, lane, key, backing, use, dataIsBad, false);
        }
    }

    private boolean stillGood(Epoch epoch, Lane lane, KeyId key, BackingKey backing) {
        Epoch.Handle handle = epoch.handle(backing.ckaId());
        try {
            return handle != null && objects.canaryIsGood(lane, handle.object(), key, backing);
        } catch (CkrException e) {
            return false;
        }
    }

    private void reopen(Epoch epoch, Lane lane) {
        try {
            lane.reopen();
        } catch (CkrException e) {
            throw failed(epoch, e);
        }
    }

    /** What a caller hears of a failure that is not its own; the log has the rest. */
    private KmsFault failed(Epoch epoch, RuntimeException e) {
        if (!(e instanceof CkrException ckr)) {
            log.error("{}: {}", settings.describe(), e.getMessage());
            return Epochs.unavailable();
        }
        switch (ckr.kind()) {
            case DEVICE_LOST, SESSION_LOST, AMBIGUOUS ->
                    epochs.suspect(epoch, String.valueOf(ckr.getMessage()));
            default -> log.error("{}: {}", settings.describe(), ckr.getMessage());
        }
        return switch (ckr.kind()) {
            case UNSUPPORTED, BUG ->
                    KmsFault.of(
                            FaultName.KMSInternalException,
                            "The token does not do what it was asked for.");
            case EXHAUSTED ->
                    KmsFault.of(
                            FaultName.DependencyTimeoutException,
                            "The token is out of memory, sessions or space.");
            default -> Epochs.unavailable();
        };
    }

    private TokenObject describe(Epoch epoch, Lane lane, long object) {
        Attributes seen =
                cryptoki.attributes(lane.session(), object, Pkcs11.CKA_ID, Pkcs11.CKA_LABEL);
        byte[] id = seen.bytes(Pkcs11.CKA_ID);
        Optional<UUID> ckaId =
                id.length == Bytes16.LENGTH ? Optional.of(Bytes16.parse(id)) : Optional.empty();
        return new TokenObject(epoch.serial(), ckaId, seen.text(Pkcs11.CKA_LABEL));
    }

    private interface Use<T> {
        T of(Lane lane, long object);
    }
}
