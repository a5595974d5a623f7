package io.keyhold.operation.keys;

import com.google.protobuf.Message;
import io.keyhold.access.Authorized;
import io.keyhold.key.KeyRecord;
import io.keyhold.key.KeyState;
import io.keyhold.key.StateRule;
import io.keyhold.keyring.Keyring;
import io.keyhold.operation.Effect;
import io.keyhold.operation.KeyChange;
import io.keyhold.operation.Operation;
import io.keyhold.store.MetadataStore;

/** Makes a key usable or unusable: EnableKey and DisableKey. */
final class SwitchKey<Q extends Message, R extends Message> implements Operation<Q, R> {

    private final MetadataStore store;
    private final Keyring keyring;
    private final KeyState wanted;
    private final R answer;

    /**
     * @param wanted Enabled or Disabled
     */
    SwitchKey(MetadataStore store, Keyring keyring, KeyState wanted, R answer) {
        this.store = store;
        this.keyring = keyring;
        this.wanted = wanted;
        this.answer = answer;
    }

    @Override
    public Effect<R> prepare(Authorized<Q> authorized) {
        return KeyChange.of(
                keyring,
                authorized.key(),
                now -> now.require(StateRule.SWITCH),
                this::apply,
                answer);
    }

    private KeyRecord apply(KeyRecord now) {
        return now.state() == wanted ? now : store.setState(now.arn(), wanted);
    }
}
