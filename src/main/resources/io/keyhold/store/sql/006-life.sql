-- What happens to a key by itself, and when; which of its materials is still used. Times are
-- milliseconds since 1970.
ALTER TABLE kms_key ADD COLUMN rotation_days INTEGER;
ALTER TABLE kms_key ADD COLUMN next_rotation BIGINT;
ALTER TABLE kms_key ADD COLUMN deletion_date BIGINT;
-- Not before the daemon has run so many milliseconds, by jobs_clock.running.
ALTER TABLE kms_key ADD COLUMN deletion_hold BIGINT;

-- The table as it was, but with one more state, and with what is known of use.
CREATE TABLE new_backing_key (
    id              TEXT    NOT NULL,
    key_arn         TEXT    NOT NULL REFERENCES kms_key (arn),
    generation      INTEGER NOT NULL,
    cka_id          TEXT    NOT NULL UNIQUE,
    token           TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('CREATING', 'ACTIVE', 'DESTROYING')),
    -- Null while the row is CREATING, and never once it was ACTIVE.
    canary          TEXT,
    rotation        TEXT,
    created_at      BIGINT  NOT NULL,
    key_material_id TEXT    NOT NULL,
    encryptions     BIGINT  NOT NULL DEFAULT 0,
    last_encryption BIGINT,
    last_decryption BIGINT,
    decryptions     BIGINT  NOT NULL DEFAULT 0,
    PRIMARY KEY (key_arn, id),
    UNIQUE (key_arn, generation),
    CHECK (state = 'DESTROYING' OR (state = 'CREATING') = (canary IS NULL))
);
INSERT INTO new_backing_key (id, key_arn, generation, cka_id, token, state, canary, rotation,
                             created_at, key_material_id, encryptions)
    SELECT id, key_arn, generation, cka_id, token, state, canary, rotation, created_at,
           key_material_id, encryptions FROM backing_key;
DROP TABLE backing_key;
ALTER TABLE new_backing_key RENAME TO backing_key;

-- The last successful cryptographic operation with each key.
CREATE TABLE key_use (
    key_arn    TEXT   NOT NULL PRIMARY KEY REFERENCES kms_key (arn),
    operation  TEXT   NOT NULL,
    used_at    BIGINT NOT NULL,
    event_id   TEXT   NOT NULL,
    request_id TEXT   NOT NULL
);

-- Keys that are gone: their IDs are never used again.
CREATE TABLE deleted_key (
    arn        TEXT    NOT NULL PRIMARY KEY,
    created_at BIGINT  NOT NULL,
    deleted_at BIGINT  NOT NULL,
    materials  INTEGER NOT NULL
);

-- One row: when the jobs were last seen to run, by the wall's clock and by one that only runs
-- forward, and how long they have run in all.
CREATE TABLE jobs_clock (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    begun     BIGINT  NOT NULL,
    wall      BIGINT  NOT NULL,
    monotonic BIGINT  NOT NULL,
    running   BIGINT  NOT NULL
);

-- Who runs the jobs, until when.
CREATE TABLE lease (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    until  BIGINT NOT NULL
);
