package io.keyhold.token.pkcs11;

/**
 * What a token was seen to do.
 *
 * @param operation in the token's terms
 * @param serves what it is for, in AWS's terms
 * @param needed whether Keyhold cannot do without it
 * @param detail why not, or what else there is to say; may be empty
 */
public record Capability(
        String operation, String serves, boolean needed, Verdict verdict, String detail) {

    /** The outcome of a trial. */
    public enum Verdict {
        /** The answer is that of an independent implementation. */
        YES,
        /** The token refused. */
        NO,
        /** The token said CKR_OK and gave another answer than it should. */
        WRONG_ANSWER,
        /** Not tried: the binding cannot carry the parameters. */
        NOT_TRIED
    }
}
