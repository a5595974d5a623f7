-- Access keys of users. The secret is sealed under a key in the token, for its own ID.
CREATE TABLE iam_access_key (
    id            TEXT   NOT NULL PRIMARY KEY,
    user_id       TEXT   NOT NULL REFERENCES identity (unique_id),
    status        TEXT   NOT NULL,
    created_at    BIGINT NOT NULL,
    sealed_secret TEXT   NOT NULL
);
