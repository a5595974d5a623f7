package io.keyhold.operation.keys;

import io.keyhold.key.KeyState;
import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.NewKeyPolicy;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.store.MetadataStore;
import io.keyhold.token.KeyStore;
import io.keyhold.v1.CancelKeyDeletionRequest;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.DisableKeyRequest;
import io.keyhold.v1.DisableKeyResponse;
import io.keyhold.v1.EnableKeyRequest;
import io.keyhold.v1.EnableKeyResponse;
import io.keyhold.v1.GetPublicKeyRequest;
import io.keyhold.v1.ListKeysRequest;
import io.keyhold.v1.ScheduleKeyDeletionRequest;
import io.keyhold.v1.UpdateKeyDescriptionRequest;
import java.time.InstantSource;
import java.util.List;

/** The rows of this room. */
public final class KeyVerbs {

    private KeyVerbs() {}

    public static List<Verb<?, ?>> rows(
            Lifecycle lifecycle,
            MetadataStore store,
            KeyStore keyStore,
            Keyring keyring,
            NewKeyPolicy newPolicy,
            InstantSource clock) {
        return List.of(
                new Verb<>(
                        "CreateKey",
                        CreateKeyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        CreateKey::needs,
                        new CreateKey(lifecycle, keyStore, newPolicy)),
                Verb.ofKeyOrAlias(
                        "DescribeKey",
                        DescribeKeyRequest.getDefaultInstance(),
                        AuditClass.READ,
                        DescribeKeyRequest::getKeyId,
                        new DescribeKey(keyStore)),
                Verb.ofKeyOrAlias(
                        "GetPublicKey",
                        GetPublicKeyRequest.getDefaultInstance(),
                        AuditClass.READ,
                        GetPublicKeyRequest::getKeyId,
                        new GetPublicKey(keyStore)),
                Verb.ofAccount(
                        ListKeys.NAME,
                        ListKeysRequest.getDefaultInstance(),
                        AuditClass.READ,
                        new ListKeys(keyring)),
                Verb.ofKey(
                        "EnableKey",
                        EnableKeyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        EnableKeyRequest::getKeyId,
                        new SwitchKey<>(
                                store,
                                keyring,
                                KeyState.Enabled,
                                EnableKeyResponse.getDefaultInstance())),
                Verb.ofKey(
                        "DisableKey",
                        DisableKeyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        DisableKeyRequest::getKeyId,
                        new SwitchKey<>(
                                store,
                                keyring,
                                KeyState.Disabled,
                                DisableKeyResponse.getDefaultInstance())),
                Verb.ofKey(
                        "ScheduleKeyDeletion",
                        ScheduleKeyDeletionRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        ScheduleKeyDeletionRequest::getKeyId,
                        new ScheduleKeyDeletion(lifecycle, clock)),
                Verb.ofKey(
                        "CancelKeyDeletion",
                        CancelKeyDeletionRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        CancelKeyDeletionRequest::getKeyId,
                        new CancelKeyDeletion(lifecycle)),
                Verb.ofKey(
                        "UpdateKeyDescription",
                        UpdateKeyDescriptionRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        UpdateKeyDescriptionRequest::getKeyId,
                        new UpdateKeyDescription(store, keyring)));
    }
}
