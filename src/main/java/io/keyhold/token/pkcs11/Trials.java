package io.keyhold.token.pkcs11;

import io.keyhold.token.pkcs11.Capability.Verdict;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;

/** Tries one thing after the other in one session, and leaves no object behind. */
final class Trials {

    private final Cryptoki cryptoki;
    private final long session;
    private final List<Capability> found;

    Trials(Cryptoki cryptoki, long session, List<Capability> found) {
        this.cryptoki = cryptoki;
        this.session = session;
        this.found = found;
    }

    Cryptoki cryptoki() {
        return cryptoki;
    }

    long session() {
        return session;
    }

    /** Tries what Keyhold may do without. */
    boolean attempt(String operation, String serves, Trial trial) {
        return attempt(operation, serves, false, trial);
    }

    /** Tries what Keyhold needs. */
    boolean attemptNeeded(String operation, String serves, Trial trial) {
        return attempt(operation, serves, true, trial);
    }

    /** Says that something cannot be tried. */
    void notTried(String operation, String serves) {
        String why = "not with this binding";
        found.add(new Capability(operation, serves, false, Verdict.NOT_TRIED, why));
    }

    private boolean attempt(String operation, String serves, boolean needed, Trial trial) {
        Verdict verdict = Verdict.YES;
        String detail = "";
        try {
            detail = trial.run();
        } catch (CkrException e) {
            verdict = Verdict.NO;
            detail = String.valueOf(e.getMessage());
        } catch (WrongAnswerException e) {
            verdict = Verdict.WRONG_ANSWER;
            detail = String.valueOf(e.getMessage());
        } catch (GeneralSecurityException e) {
            verdict = Verdict.WRONG_ANSWER;
            detail = "the JDK cannot use it: " + e.getMessage();
        }
        found.add(new Capability(operation, serves, needed, verdict, detail));
        return verdict == Verdict.YES;
    }

    /** Uses an object, then destroys it. */
    <T> T with(long object, Use<T> use) throws GeneralSecurityException {
        try {
            return use.on(object);
        } finally {
            destroy(object);
        }
    }

    /** Destroys an object of this session. */
    void destroy(long object) {
        try {
            cryptoki.destroyObject(session, object);
        } catch (CkrException e) {
            // It ends with the session in any case, which is soon.
        }
    }

    /** A key object of this session with a known value that this may be done with. */
    long known(long keyType, byte[] value, long... usages) {
        Attributes template =
                sessionObject(Pkcs11.CKO_SECRET_KEY, keyType).with(Pkcs11.CKA_VALUE, value);
        for (long usage : usages) {
            template.with(usage, true);
        }
        return cryptoki.createObject(session, template);
    }

    /** The beginning of a template. */
    static Attributes sessionObject(long objectClass, long keyType) {
        return new Attributes()
                .with(Pkcs11.CKA_CLASS, objectClass)
                .with(Pkcs11.CKA_KEY_TYPE, keyType)
                .with(Pkcs11.CKA_TOKEN, false);
    }

    /** The beginning of a private key's template. */
    static Attributes sealedPrivateKey() {
        return new Attributes()
                .with(Pkcs11.CKA_TOKEN, false)
                .with(Pkcs11.CKA_PRIVATE, true)
                .with(Pkcs11.CKA_SENSITIVE, true)
                .with(Pkcs11.CKA_EXTRACTABLE, false);
    }

    /** Passes if the token's answer is the right one. */
    static void same(byte[] right, byte[] answer) {
        if (!MessageDigest.isEqual(right, answer)) {
            throw new WrongAnswerException("another answer than the JDK's");
        }
    }

    /** Passes if something holds. */
    static void require(boolean holds, String orElse) {
        if (!holds) {
            throw new WrongAnswerException(orElse);
        }
    }

    /** Passes if the token refuses to do something. */
    static void refused(Runnable call, String orElse) {
        try {
            call.run();
        } catch (CkrException e) {
            return;
        }
        throw new WrongAnswerException(orElse);
    }

    /** One thing to try; answers what there is to say about it. */
    interface Trial {
        String run() throws GeneralSecurityException;
    }

    /** What is done with an object. */
    interface Use<T> {
        T on(long object) throws GeneralSecurityException;
    }

    /** The token said CKR_OK and was wrong. */
    static final class WrongAnswerException extends RuntimeException {
        WrongAnswerException(String message) {
            super(message);
        }
    }
}
