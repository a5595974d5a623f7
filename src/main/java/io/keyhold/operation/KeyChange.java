package io.keyhold.operation;

import com.google.protobuf.Message;
import io.keyhold.key.KeyRecord;
import io.keyhold.keyring.Keyring;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The change of one key's metadata. */
public final class KeyChange {

    private KeyChange() {}

    /**
     * An effect that changes a key.
     *
     * @param allowed throws if the key's state forbids it; asked now, and again under the key's
     *     lock
     * @param change stores the change of the key as it stands then
     * @param answer what the caller hears
     */
    public static <R extends Message> Effect<R> of(
            Keyring keyring,
            KeyRecord key,
            Consumer<KeyRecord> allowed,
            UnaryOperator<KeyRecord> change,
            R answer) {
        allowed.accept(key);
        return Effect.slow(
                () -> {
                    keyring.change(
                            key.arn(),
                            now -> {
                                allowed.accept(now);
                                return change.apply(now);
                            });
                    return answer;
                });
    }
}
