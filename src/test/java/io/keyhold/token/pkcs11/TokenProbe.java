package io.keyhold.token.pkcs11;

import io.keyhold.key.Bytes16;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Looks into an open token from a session of its own, as the user who is logged in. */
final class TokenProbe implements AutoCloseable {

    private final Cryptoki cryptoki;
    private final long session;

    TokenProbe(Cryptoki cryptoki, TokenSettings settings) {
        this.cryptoki = cryptoki;
        long slot =
                Arrays.stream(cryptoki.slots())
                        .filter(s -> cryptoki.tokenInfo(s).label().equals(settings.label()))
                        .findFirst()
                        .orElseThrow();
        this.session = cryptoki.openSession(slot);
    }

    long session() {
        return session;
    }

    /** Every object with this CKA_ID. */
    List<Long> objects(UUID ckaId) {
        return cryptoki.findObjects(
                session, new Attributes().with(Pkcs11.CKA_ID, Bytes16.of(ckaId)));
    }

    /** Every object. */
    List<Long> objects() {
        return cryptoki.findObjects(session, new Attributes());
    }

    /** The attributes of the one of them that is of a class. */
    Attributes attributes(UUID ckaId, long objectClass, long... types) {
        List<Long> objects = ofClass(ckaId, objectClass);
        if (objects.size() != 1) {
            throw new AssertionError(objects.size() + " objects have CKA_ID " + ckaId);
        }
        return cryptoki.attributes(session, objects.getFirst(), types);
    }

    private List<Long> ofClass(UUID ckaId, long objectClass) {
        Attributes wanted =
                new Attributes()
                        .with(Pkcs11.CKA_ID, Bytes16.of(ckaId))
                        .with(Pkcs11.CKA_CLASS, objectClass);
        return cryptoki.findObjects(session, wanted);
    }

    void destroy(UUID ckaId, long objectClass) {
        ofClass(ckaId, objectClass).forEach(object -> cryptoki.destroyObject(session, object));
    }

    void destroyAll() {
        objects().forEach(object -> cryptoki.destroyObject(session, object));
    }

    void destroy(UUID ckaId) {
        objects(ckaId).forEach(object -> cryptoki.destroyObject(session, object));
    }

    @Override
    public void close() {
        cryptoki.closeSession(session);
    }
}
