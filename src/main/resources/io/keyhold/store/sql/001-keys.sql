-- Keys and their backing keys. Times are milliseconds since 1970, identifiers and canaries are
-- hexadecimal text, enums are AWS's literal names.
CREATE TABLE kms_key (
    arn         TEXT    NOT NULL PRIMARY KEY,
    key_id      TEXT    NOT NULL,
    spec        TEXT    NOT NULL,
    key_usage   TEXT    NOT NULL,
    origin      TEXT    NOT NULL,
    manager     TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    policy      TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    version     BIGINT  NOT NULL,
    -- Null until the first material is active: such a key does not exist for callers.
    current_id  TEXT
);

CREATE TABLE backing_key (
    id              TEXT    NOT NULL,
    key_arn         TEXT    NOT NULL REFERENCES kms_key (arn),
    generation      INTEGER NOT NULL,
    cka_id          TEXT    NOT NULL UNIQUE,
    token           TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('CREATING', 'ACTIVE')),
    -- Null exactly while the row is CREATING.
    canary          TEXT,
    rotation        TEXT,
    created_at      BIGINT  NOT NULL,
    key_material_id TEXT    NOT NULL,
    PRIMARY KEY (key_arn, id),
    UNIQUE (key_arn, generation),
    CHECK ((state = 'CREATING') = (canary IS NULL))
);
