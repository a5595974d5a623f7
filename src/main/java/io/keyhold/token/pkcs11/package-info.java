/**
 * The port over PKCS#11 (OASIS PKCS #11 v3.1), through SunPKCS11's own Cryptoki binding.
 *
 * <p>May use {@code key} and {@code token}; the only room that sees {@code sun.security.pkcs11} and
 * {@code java.lang.foreign}. Invariants: a handle is used in the epoch that found it and after its
 * canary, never else; the library is never finalised while a thread is inside it; a PIN that was
 * refused is not tried again.
 */
@NullMarked
package io.keyhold.token.pkcs11;

import org.jspecify.annotations.NullMarked;
