-- Principals are ARNs or names of services; beside each the unique ID of the record that was meant.
CREATE TABLE kms_grant (
    id              TEXT   NOT NULL PRIMARY KEY,
    key_arn         TEXT   NOT NULL REFERENCES kms_key (arn),
    created_at      BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    grantee         TEXT   NOT NULL,
    grantee_id      TEXT   NOT NULL,
    retiring        TEXT,
    retiring_id     TEXT   NOT NULL,
    -- AWS's literal names, a space between two.
    operations      TEXT   NOT NULL,
    source_arn      TEXT,
    issuing_account TEXT   NOT NULL
);

CREATE TABLE grant_constraint (
    grant_id TEXT NOT NULL REFERENCES kms_grant (id),
    type     TEXT NOT NULL CHECK (type IN ('EncryptionContextEquals', 'EncryptionContextSubset')),
    name     TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (grant_id, type, name)
);
