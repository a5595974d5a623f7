package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins epochs: initialises the library, finds the token, logs in once, lists the objects. */
final class Connector {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);

    private final Cryptoki cryptoki;
    private final TokenSettings settings;
    private final RefusedPins refused;

    Connector(Cryptoki cryptoki, TokenSettings settings) {
        this.cryptoki = cryptoki;
        this.settings = settings;
        this.refused = new RefusedPins(settings.refusedPinMarker());
    }

    /**
     * Begins an epoch. The library must not be initialised.
     *
     * @throws TokenAbsentException if the token is not there
     * @throws TokenException if an operator has to change something first
     * @throws RefusedPins.PinRefusedException if it refused, or has refused, the PIN
     * @throws CkrException if anything else failed; the library is finalised again
     */
    Epoch begin(long number) {
        cryptoki.initialize();
        try {
            Cryptoki.TokenInfo token = find();
            long session = cryptoki.openSession(token.slot());
            login(token, session);
            List<Lane> lanes = new ArrayList<>();
            for (int i = 0; i < settings.lanes(); i++) {
                lanes.add(new Lane(cryptoki, token.slot()));
            }
            Epoch epoch = new Epoch(number, token.serial(), lanes);
            enumerate(epoch, session);
            return epoch;
        } catch (RuntimeException e) {
            end();
            throw e;
        }
    }

    /** Ends an epoch. No thread may be inside the library. */
    void end() {
        try {
            cryptoki.terminate();
        } catch (CkrException e) {
            log.info("the library did not finalise cleanly: {}", e.getMessage());
        }
    }

    private Cryptoki.TokenInfo find() {
        List<Cryptoki.TokenInfo> tokens =
                Arrays.stream(cryptoki.slots())
                        .mapToObj(cryptoki::tokenInfo)
                        .filter(Cryptoki.TokenInfo::initialized)
                        .filter(t -> t.label().equals(settings.label()))
                        .filter(t -> settings.serial().map(t.serial()::equals).orElse(true))
                        .toList();
        if (tokens.isEmpty()) {
            throw new TokenAbsentException(settings.describe() + " is not there");
        }
        if (tokens.size() > 1) {
            throw new TokenException(
                    settings.describe()
                            + " is there "
                            + tokens.size()
                            + " times: set serial to one of "
                            + tokens.stream().map(Cryptoki.TokenInfo::serial).toList());
        }
        return tokens.getFirst();
    }

    private void login(Cryptoki.TokenInfo token, long session) {
        try (Pin pin = Pin.read(settings.pinFile())) {
            refused.check(token.serial(), pin);
            try {
                cryptoki.login(session, pin.characters());
            } catch (CkrException e) {
                if (e.kind() == CkrClass.PIN) {
                    throw new RefusedPins.PinRefusedException(
                            settings.describe()
                                    + " refused the PIN in "
                                    + settings.pinFile()
                                    + " ("
                                    + e.getMessage()
                                    + ")"
                                    + remember(token.serial(), pin));
                }
                if (e.code() != Ckr.CKR_USER_ALREADY_LOGGED_IN.code()) {
                    throw e;
                }
            }
        }
    }

    /** What to add if a refusal cannot be remembered across a restart. */
    private String remember(String serial, Pin pin) {
        try {
            refused.remember(serial, pin);
            return "";
        } catch (IOException e) {
            return "; correct it before a restart, which would offer it again: "
                    + settings.refusedPinMarker()
                    + " cannot be written ("
                    + e
                    + ")";
        }
    }

    private void enumerate(Epoch epoch, long session) {
        Map<UUID, List<Long>> byId = new HashMap<>();
        for (long objectClass : new long[] {Pkcs11.CKO_SECRET_KEY, Pkcs11.CKO_PRIVATE_KEY}) {
            Attributes keys = new Attributes().with(Pkcs11.CKA_CLASS, objectClass);
            for (long object : cryptoki.findObjects(session, keys)) {
                byte[] id =
                        cryptoki.attributesOfAny(session, object, Pkcs11.CKA_ID)
                                .bytes(Pkcs11.CKA_ID);
                if (id.length == Bytes16.LENGTH) {
                    byId.computeIfAbsent(Bytes16.parse(id), each -> new ArrayList<>()).add(object);
                }
            }
        }
        byId.forEach(
                (ckaId, objects) -> {
                    if (objects.size() == 1) {
                        epoch.found(ckaId, objects.getFirst());
                    } else { // which one is meant, its label decides when it is used
                        log.error("{} objects have CKA_ID {}", objects.size(), ckaId);
                    }
                });
    }
}
