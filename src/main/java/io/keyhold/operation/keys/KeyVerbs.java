package io.keyhold.operation.keys;

import io.keyhold.keyring.Keyring;
import io.keyhold.lifecycle.Lifecycle;
import io.keyhold.operation.Verb;
import io.keyhold.operation.Verb.AuditClass;
import io.keyhold.v1.CreateKeyRequest;
import io.keyhold.v1.DescribeKeyRequest;
import io.keyhold.v1.ListKeysRequest;
import java.util.List;

/** The rows of this room. */
public final class KeyVerbs {

    private KeyVerbs() {}

    public static List<Verb<?, ?>> rows(Lifecycle lifecycle, Keyring keyring) {
        return List.of(
                Verb.ofAccount(
                        "CreateKey",
                        CreateKeyRequest.getDefaultInstance(),
                        AuditClass.WRITE,
                        new CreateKey(lifecycle)),
                Verb.ofKey(
                        "DescribeKey",
                        DescribeKeyRequest.getDefaultInstance(),
                        AuditClass.READ,
                        DescribeKeyRequest::getKeyId,
                        new DescribeKey()),
                Verb.ofAccount(
                        ListKeys.NAME,
                        ListKeysRequest.getDefaultInstance(),
                        AuditClass.READ,
                        new ListKeys(keyring)));
    }
}
