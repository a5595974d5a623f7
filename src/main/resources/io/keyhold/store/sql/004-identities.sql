-- Accounts that were made, beside those of the configuration.
CREATE TABLE account (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

-- Users, groups and roles; the ARN says which. A name may come again, a unique ID does not.
CREATE TABLE identity (
    unique_id   TEXT   NOT NULL PRIMARY KEY,
    arn         TEXT   NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL,
    boundary    TEXT,
    -- Of roles.
    trust       TEXT,
    description TEXT,
    max_session INTEGER
);

CREATE TABLE identity_tag (
    unique_id TEXT NOT NULL REFERENCES identity (unique_id),
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (unique_id, tag_key)
);

CREATE TABLE identity_policy (
    unique_id TEXT NOT NULL REFERENCES identity (unique_id),
    name      TEXT NOT NULL,
    document  TEXT NOT NULL,
    PRIMARY KEY (unique_id, name)
);

CREATE TABLE identity_attachment (
    unique_id  TEXT NOT NULL REFERENCES identity (unique_id),
    policy_arn TEXT NOT NULL,
    PRIMARY KEY (unique_id, policy_arn)
);

CREATE TABLE identity_group (
    unique_id  TEXT NOT NULL REFERENCES identity (unique_id),
    group_name TEXT NOT NULL,
    PRIMARY KEY (unique_id, group_name)
);

-- Who was meant by an ARN in a trust policy when it was given.
CREATE TABLE trust_binding (
    unique_id     TEXT NOT NULL REFERENCES identity (unique_id),
    principal_arn TEXT NOT NULL,
    principal_id  TEXT NOT NULL,
    PRIMARY KEY (unique_id, principal_arn)
);

CREATE TABLE managed_policy (
    unique_id       TEXT    NOT NULL PRIMARY KEY,
    arn             TEXT    NOT NULL UNIQUE,
    description     TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    updated_at      BIGINT  NOT NULL,
    default_version INTEGER NOT NULL,
    last_version    INTEGER NOT NULL
);

CREATE TABLE managed_policy_version (
    unique_id  TEXT    NOT NULL REFERENCES managed_policy (unique_id),
    number     INTEGER NOT NULL,
    document   TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    PRIMARY KEY (unique_id, number)
);

-- Likewise in a key's policy.
CREATE TABLE key_policy_binding (
    key_arn       TEXT NOT NULL REFERENCES kms_key (arn),
    principal_arn TEXT NOT NULL,
    principal_id  TEXT NOT NULL,
    PRIMARY KEY (key_arn, principal_arn)
);
