package io.keyhold.token.pkcs11;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A real binding, watched: counts the calls, and lets a test act just before one. */
final class WatchedCryptoki implements Cryptoki {

    private final Cryptoki real;
    private final Map<String, AtomicLong> calls = new ConcurrentHashMap<>();
    private volatile Watcher watcher = function -> {};
    private volatile UnaryOperator<Attributes> templates = UnaryOperator.identity();
    private volatile UnaryOperator<byte[]> answers = UnaryOperator.identity();
    private volatile boolean forgiving;
    private byte[] lastDecrypted = new byte[0];
    private volatile boolean initialized;
    private volatile Set<Long> said;

    WatchedCryptoki(Cryptoki real) {
        this.real = real;
    }

    /** How often a function was called. */
    long calls(String function) {
        AtomicLong counted = calls.get(function);
        return counted == null ? 0 : counted.get();
    }

    /** Calls this before each function from now on; what it throws is what the function does. */
    void watch(Watcher next) {
        watcher = next;
    }

    /** From now on keys are made after another template than asked for. */
    void alterTemplates(UnaryOperator<Attributes> change) {
        templates = change;
    }

    /** From now on what C_Encrypt and C_Sign answer is something else. */
    void alterAnswers(UnaryOperator<byte[]> change) {
        answers = change;
    }

    /** From now on a C_Decrypt that fails answers what the one before it did. */
    void forgive() {
        forgiving = true;
    }

    /** Whether C_Initialize was called and C_Finalize was not since. */
    boolean initialized() {
        return initialized;
    }

    /** From now on the library is said to lack these attributes, and no others. */
    void say(Set<Long> lacking) {
        said = lacking;
    }

    @Override
    public Set<Long> lacking() {
        return said != null ? said : real.lacking();
    }

    private void at(String function) {
        calls.computeIfAbsent(function, f -> new AtomicLong()).incrementAndGet();
        watcher.before(function);
    }

    @Override
    public void initialize() {
        at("C_Initialize");
        real.initialize();
        initialized = true;
    }

    @Override
    public void terminate() {
        at("C_Finalize");
        initialized = false;
        real.terminate();
    }

    @Override
    public long[] slots() {
        at("C_GetSlotList");
        return real.slots();
    }

    @Override
    public TokenInfo tokenInfo(long slot) {
        at("C_GetTokenInfo");
        return real.tokenInfo(slot);
    }

    @Override
    public long openSession(long slot) {
        at("C_OpenSession");
        return real.openSession(slot);
    }

    @Override
    public void closeSession(long session) {
        at("C_CloseSession");
        real.closeSession(session);
    }

    @Override
    public void login(long session, char[] pin) {
        at("C_Login");
        real.login(session, pin);
    }

    @Override
    public long generateKey(long session, Mechanism mechanism, Attributes template) {
        at("C_GenerateKey");
        return real.generateKey(session, mechanism, templates.apply(template));
    }

    @Override
    public KeyPair generateKeyPair(
            long session, Mechanism mechanism, Attributes publicKey, Attributes privateKey) {
        at("C_GenerateKeyPair");
        return real.generateKeyPair(session, mechanism, publicKey, privateKey);
    }

    @Override
    public long createObject(long session, Attributes template) {
        at("C_CreateObject");
        return real.createObject(session, template);
    }

    @Override
    public long unwrapKey(
            long session, Mechanism mechanism, long key, byte[] wrapped, Attributes made) {
        at("C_UnwrapKey");
        return real.unwrapKey(session, mechanism, key, wrapped, made);
    }

    @Override
    public byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key) {
        at("C_WrapKey");
        return real.wrapKey(session, mechanism, wrappingKey, key);
    }

    @Override
    public long deriveKey(long session, Mechanism mechanism, long key, Attributes made) {
        at("C_DeriveKey");
        return real.deriveKey(session, mechanism, key, made);
    }

    @Override
    public void destroyObject(long session, long object) {
        at("C_DestroyObject");
        real.destroyObject(session, object);
    }

    @Override
    public List<Long> findObjects(long session, Attributes template) {
        at("C_FindObjects");
        return real.findObjects(session, template);
    }

    @Override
    public Attributes attributes(long session, long object, long... types) {
        at("C_GetAttributeValue");
        return real.attributes(session, object, types);
    }

    @Override
    public byte[] encrypt(long session, Mechanism mechanism, long key, byte[] input, int room) {
        at("C_Encrypt");
        return answers.apply(real.encrypt(session, mechanism, key, input, room));
    }

    @Override
    public byte[] decrypt(long session, Mechanism mechanism, long key, byte[] input) {
        at("C_Decrypt");
        try {
            byte[] answer = real.decrypt(session, mechanism, key, input);
            lastDecrypted = answer.clone();
            return answer;
        } catch (CkrException e) {
            if (forgiving) {
                return lastDecrypted;
            }
            throw e;
        }
    }

    @Override
    public byte[] sign(long session, Mechanism mechanism, long key, byte[] input) {
        at("C_Sign");
        return answers.apply(real.sign(session, mechanism, key, input));
    }

    @Override
    public void generateRandom(long session, byte[] out) {
        at("C_GenerateRandom");
        real.generateRandom(session, out);
    }

    /** What happens before a call. */
    interface Watcher {
        void before(String function);
    }
}
