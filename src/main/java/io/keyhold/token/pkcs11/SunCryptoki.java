package io.keyhold.token.pkcs11;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import sun.security.pkcs11.wrapper.CK_ATTRIBUTE;
import sun.security.pkcs11.wrapper.CK_C_INITIALIZE_ARGS;
import sun.security.pkcs11.wrapper.CK_ECDH1_DERIVE_PARAMS;
import sun.security.pkcs11.wrapper.CK_GCM_PARAMS;
import sun.security.pkcs11.wrapper.CK_MECHANISM;
import sun.security.pkcs11.wrapper.CK_RSA_PKCS_OAEP_PARAMS;
import sun.security.pkcs11.wrapper.CK_RSA_PKCS_PSS_PARAMS;
import sun.security.pkcs11.wrapper.CK_TOKEN_INFO;
import sun.security.pkcs11.wrapper.PKCS11;
import sun.security.pkcs11.wrapper.PKCS11Constants;
import sun.security.pkcs11.wrapper.PKCS11Exception;

/** The binding of SunPKCS11 (module jdk.crypto.cryptoki), below its JCA provider. */
final class SunCryptoki implements Cryptoki {

    private static final int FIND_BATCH = 1000;
    private static final int GCM_TAG_BITS = 128;
    private static final long USER = PKCS11Constants.CKU_USER;

    private final PKCS11 library;
    private final Set<Long> lacking;
    private final CK_C_INITIALIZE_ARGS osLocking = new CK_C_INITIALIZE_ARGS();

    /**
     * Loads the library that a token's settings name, without initialising it.
     *
     * @throws TokenException if it cannot be loaded
     */
    static SunCryptoki load(TokenSettings settings) {
        LibraryConfiguration library = LibraryConfiguration.read(settings.libraryConfiguration());
        ProcessEnvironment.set(settings.environment());
        try {
            return new SunCryptoki(library);
        } catch (IOException e) {
            throw new TokenException("cannot load " + library.library(), e);
        }
    }

    /**
     * Loads a library, without initialising it.
     *
     * @throws IOException if it cannot be loaded
     */
    SunCryptoki(LibraryConfiguration configuration) throws IOException {
        Path path = configuration.library();
        osLocking.flags = PKCS11Constants.CKF_OS_LOCKING_OK;
        osLocking.pReserved = configuration.nssArgs();
        lacking = configuration.lacking();
        try {
            library = PKCS11.getInstance(path.toString(), "C_GetFunctionList", osLocking, true);
        } catch (PKCS11Exception e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Set<Long> lacking() {
        return lacking;
    }

    @Override
    public void initialize() {
        // Package-private in the JDK, which offers no way to initialise a library a second time.
        try {
            Method method = PKCS11.class.getDeclaredMethod("C_Initialize", Object.class);
            method.setAccessible(true);
            method.invoke(library, osLocking);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof PKCS11Exception refused) {
                throw new CkrException("C_Initialize", refused.getErrorCode());
            }
            throw new IllegalStateException("C_Initialize", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the jar's manifest opens SunPKCS11's wrapper", e);
        }
    }

    @Override
    public void terminate() {
        run("C_Finalize", () -> library.C_Finalize(null));
    }

    @Override
    public long[] slots() {
        return call("C_GetSlotList", () -> library.C_GetSlotList(true));
    }

    @Override
    public TokenInfo tokenInfo(long slot) {
        CK_TOKEN_INFO info = call("C_GetTokenInfo", () -> library.C_GetTokenInfo(slot));
        return new TokenInfo(
                slot,
                new String(info.label).strip(),
                new String(info.serialNumber).strip(),
                new String(info.manufacturerID).strip(),
                new String(info.model).strip(),
                info.firmwareVersion.toString(),
                info.flags);
    }

    @Override
    public long openSession(long slot) {
        long flags = PKCS11Constants.CKF_SERIAL_SESSION | PKCS11Constants.CKF_RW_SESSION;
        return call("C_OpenSession", () -> library.C_OpenSession(slot, flags, null, null));
    }

    @Override
    public void closeSession(long session) {
        run("C_CloseSession", () -> library.C_CloseSession(session));
    }

    @Override
    public void login(long session, char[] pin) {
        run("C_Login", () -> library.C_Login(session, USER, pin));
    }

    @Override
    public long generateKey(long session, Mechanism mechanism, Attributes template) {
        return call(
                "C_GenerateKey", () -> library.C_GenerateKey(session, ck(mechanism), ck(template)));
    }

    @Override
    public KeyPair generateKeyPair(
            long session, Mechanism mechanism, Attributes publicKey, Attributes privateKey) {
        long[] pair =
                call(
                        "C_GenerateKeyPair",
                        () ->
                                library.C_GenerateKeyPair(
                                        session, ck(mechanism), ck(publicKey), ck(privateKey)));
        return new KeyPair(pair[0], pair[1]);
    }

    @Override
    public long createObject(long session, Attributes template) {
        return call("C_CreateObject", () -> library.C_CreateObject(session, ck(template)));
    }

    @Override
    public long unwrapKey(
            long session, Mechanism mechanism, long key, byte[] wrapped, Attributes made) {
        return call(
                "C_UnwrapKey",
                () -> library.C_UnwrapKey(session, ck(mechanism), key, wrapped, ck(made)));
    }

    @Override
    public byte[] wrapKey(long session, Mechanism mechanism, long wrappingKey, long key) {
        return call("C_WrapKey", () -> library.C_WrapKey(session, ck(mechanism), wrappingKey, key));
    }

    @Override
    public long deriveKey(long session, Mechanism mechanism, long key, Attributes made) {
        return call(
                "C_DeriveKey", () -> library.C_DeriveKey(session, ck(mechanism), key, ck(made)));
    }

    @Override
    public void destroyObject(long session, long object) {
        run("C_DestroyObject", () -> library.C_DestroyObject(session, object));
    }

    @Override
    public List<Long> findObjects(long session, Attributes template) {
        run("C_FindObjectsInit", () -> library.C_FindObjectsInit(session, ck(template)));
        try {
            List<Long> found = new ArrayList<>();
            long[] batch;
            do {
                batch = call("C_FindObjects", () -> library.C_FindObjects(session, FIND_BATCH));
                Arrays.stream(batch).forEach(found::add);
            } while (batch.length > 0);
            return found;
        } finally {
            run("C_FindObjectsFinal", () -> library.C_FindObjectsFinal(session));
        }
    }

    @Override
    public Attributes attributes(long session, long object, long... types) {
        CK_ATTRIBUTE[] asked =
                Arrays.stream(types).mapToObj(CK_ATTRIBUTE::new).toArray(CK_ATTRIBUTE[]::new);
        run("C_GetAttributeValue", () -> library.C_GetAttributeValue(session, object, asked));
        Attributes answer = new Attributes();
        for (CK_ATTRIBUTE attribute : asked) {
            switch (attribute.pValue) {
                case Boolean value -> answer.with(attribute.type, value);
                case Long value -> answer.with(attribute.type, value);
                case char[] value -> answer.with(attribute.type, new String(value));
                case byte[] value -> {
                    answer.with(attribute.type, value);
                    Arrays.fill(value, (byte) 0); // it has a copy, which its owner wipes
                }
                case null, default -> {} // absent, as far as we are concerned
            }
        }
        return answer;
    }

    @Override
    public byte[] encrypt(long session, Mechanism mechanism, long key, byte[] input, int room) {
        run("C_EncryptInit", () -> library.C_EncryptInit(session, ck(mechanism), key));
        byte[] out = new byte[input.length + room];
        int length =
                call(
                        "C_Encrypt",
                        () ->
                                library.C_Encrypt(
                                        session, 0, input, 0, input.length, 0, out, 0, out.length));
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    @Override
    public byte[] decrypt(long session, Mechanism mechanism, long key, byte[] input) {
        run("C_DecryptInit", () -> library.C_DecryptInit(session, ck(mechanism), key));
        byte[] out = new byte[input.length];
        try {
            int length =
                    call(
                            "C_Decrypt",
                            () ->
                                    library.C_Decrypt(
                                            session,
                                            0,
                                            input,
                                            0,
                                            input.length,
                                            0,
                                            out,
                                            0,
                                            out.length));
            return Arrays.copyOf(out, length);
        } finally {
            Arrays.fill(out, (byte) 0);
        }
    }

    @Override
    public byte[] sign(long session, Mechanism mechanism, long key, byte[] input) {
        run("C_SignInit", () -> library.C_SignInit(session, ck(mechanism), key));
        return call("C_Sign", () -> library.C_Sign(session, input));
    }

    @Override
    public void generateRandom(long session, byte[] out) {
        run("C_GenerateRandom", () -> library.C_GenerateRandom(session, out));
    }

    private static CK_MECHANISM ck(Mechanism mechanism) {
        return switch (mechanism) {
            case Mechanism.Plain plain -> new CK_MECHANISM(plain.code());
            case Mechanism.Gcm gcm ->
                    new CK_MECHANISM(
                            gcm.code(), new CK_GCM_PARAMS(GCM_TAG_BITS, gcm.iv(), gcm.aad()));
            case Mechanism.Pss pss -> ck(pss);
            case Mechanism.Oaep oaep -> ck(oaep);
            case Mechanism.Ecdh ecdh ->
                    new CK_MECHANISM(
                            ecdh.code(),
                            new CK_ECDH1_DERIVE_PARAMS(Pkcs11.CKD_NULL, null, ecdh.point()));
        };
    }

    private static CK_MECHANISM ck(Mechanism.Pss pss) {
        String hash = pss.hash().jcaName();
        CK_MECHANISM mechanism = new CK_MECHANISM(pss.code());
        mechanism.setParameter(new CK_RSA_PKCS_PSS_PARAMS(hash, "MGF1", hash, pss.hash().bytes()));
        return mechanism;
    }

    private static CK_MECHANISM ck(Mechanism.Oaep oaep) {
        CK_RSA_PKCS_OAEP_PARAMS parameters = new CK_RSA_PKCS_OAEP_PARAMS();
        parameters.hashAlg = oaep.hash().mechanism();
        parameters.mgf = oaep.hash().maskGeneration();
        parameters.source = Pkcs11.CKZ_DATA_SPECIFIED;
        CK_MECHANISM mechanism = new CK_MECHANISM(oaep.code());
        mechanism.pParameter = parameters; // the class has no constructor for these
        return mechanism;
    }

    private static CK_ATTRIBUTE[] ck(Attributes attributes) {
        return attributes.values().entrySet().stream()
                .map(a -> new CK_ATTRIBUTE(a.getKey(), a.getValue()))
                .toArray(CK_ATTRIBUTE[]::new);
    }

    private static <T> T call(String function, Call<T> call) {
        try {
            return call.run();
        } catch (PKCS11Exception e) {
            throw new CkrException(function, e.getErrorCode());
        }
    }

    private static void run(String function, Run run) {
        try {
            run.run();
        } catch (PKCS11Exception e) {
            throw new CkrException(function, e.getErrorCode());
        }
    }

    private interface Call<T> {
        T run() throws PKCS11Exception;
    }

    private interface Run {
        void run() throws PKCS11Exception;
    }
}
