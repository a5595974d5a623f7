-- Keys without material, and material that comes from outside. Times are milliseconds since 1970.

-- 1 from the first material on, or from the beginning if that is imported, until the key's end
-- begins: only then callers know the key.
ALTER TABLE kms_key ADD COLUMN live INTEGER NOT NULL DEFAULT 0;
UPDATE kms_key SET live = 1 WHERE current_id IS NOT NULL;

-- The table as it was, but with one more state, and with what was said of imported material.
CREATE TABLE new_backing_key (
    id              TEXT    NOT NULL,
    key_arn         TEXT    NOT NULL REFERENCES kms_key (arn),
    generation      INTEGER NOT NULL,
    cka_id          TEXT    NOT NULL UNIQUE,
    token           TEXT    NOT NULL,
    state           TEXT    NOT NULL
                    CHECK (state IN ('CREATING', 'ACTIVE', 'EXPIRED', 'DESTROYING',
                                     'PENDING_IMPORT')),
    -- Null until the row is ACTIVE for the first time.
    canary          TEXT,
    rotation        TEXT,
    created_at      BIGINT  NOT NULL,
    key_material_id TEXT    NOT NULL,
    encryptions     BIGINT  NOT NULL DEFAULT 0,
    last_encryption BIGINT,
    last_decryption BIGINT,
    decryptions     BIGINT  NOT NULL DEFAULT 0,
    -- Null unless the material was imported.
    description     TEXT,
    -- Null if it does not expire.
    valid_to        BIGINT,
    PRIMARY KEY (key_arn, id),
    UNIQUE (key_arn, generation),
    CHECK (state IN ('CREATING', 'DESTROYING') OR canary IS NOT NULL)
);
INSERT INTO new_backing_key (id, key_arn, generation, cka_id, token, state, canary, rotation,
                             created_at, key_material_id, encryptions, last_encryption,
                             last_decryption, decryptions)
    SELECT id, key_arn, generation, cka_id, token, state, canary, rotation, created_at,
           key_material_id, encryptions, last_encryption, last_decryption, decryptions
    FROM backing_key;
DROP TABLE backing_key;
ALTER TABLE new_backing_key RENAME TO backing_key;

-- Before the jobs have run for so long, nothing expires by a clock that was in doubt.
ALTER TABLE jobs_clock ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
