package io.keyhold.token.pkcs11;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what a token can do, by trying it with objects that live no longer than the session and
 * comparing with the JDK's own cryptography. Mechanism lists lie both ways, and a CKR_OK may stand
 * before a wrong answer.
 */
public final class Probe {

    private Probe() {}

    /**
     * Logs in to a token, once, and tries everything.
     *
     * @throws TokenException if the token is not there, or refuses or has refused the PIN
     */
    public static List<Capability> run(TokenSettings settings) {
        return run(SunCryptoki.load(settings), settings);
    }

    static List<Capability> run(Cryptoki cryptoki, TokenSettings settings) {
        Connector connector = new Connector(cryptoki, settings);
        Epoch epoch;
        try {
            epoch = connector.begin(1);
        } catch (CkrException e) {
            throw new TokenException(settings.describe() + ": " + e.getMessage(), e);
        }
        try {
            Lane lane = epoch.borrow(settings.timeout());
            List<Capability> found = new ArrayList<>();
            Trials trials = new Trials(cryptoki, lane.session(), found);
            SymmetricTrials symmetric = new SymmetricTrials(trials);
            symmetric.run();
            new RsaTrials(trials, symmetric).run();
            new CurveTrials(trials).run();
            trials.notTried("CKM_RSA_AES_KEY_WRAP", "ImportKeyMaterial");
            trials.notTried("ML-DSA", "ML_DSA_44, _65, _87");
            trials.notTried("ML-KEM", "ML_KEM_512, _768, _1024");
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenException(settings.describe() + ": interrupted");
        } finally {
            connector.end();
        }
    }
}
