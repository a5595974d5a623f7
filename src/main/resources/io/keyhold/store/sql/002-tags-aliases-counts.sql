CREATE TABLE key_tag (
    key_arn   TEXT NOT NULL REFERENCES kms_key (arn),
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (key_arn, tag_key)
);

CREATE TABLE alias (
    arn        TEXT   NOT NULL PRIMARY KEY,
    key_arn    TEXT   NOT NULL REFERENCES kms_key (arn),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Encryptions that may have been made: reserved in batches, never fewer than really were.
ALTER TABLE backing_key ADD COLUMN encryptions BIGINT NOT NULL DEFAULT 0;
