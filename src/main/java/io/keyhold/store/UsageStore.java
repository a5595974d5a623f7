package io.keyhold.store;

import io.keyhold.key.Arn;
import io.keyhold.key.KeyUse;
import io.keyhold.key.MaterialUse;
import java.util.Map;
import java.util.UUID;

/** Durable knowledge of what keys and their materials were used for. */
public interface UsageStore {

    /** The last use of each key that was used. */
    Map<Arn, KeyUse> keyUses();

    /** The use of each backing key that was used, by its CKA_ID. */
    Map<UUID, MaterialUse> materialUses();

    /** Replaces what is known of some, in one transaction; what is gone meanwhile is left out. */
    void save(Map<Arn, KeyUse> keys, Map<UUID, MaterialUse> materials);
}
