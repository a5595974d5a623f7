-- What the services were that have keys: managed ones have their name, owned ones are in their
-- account. A configuration that says otherwise would give these keys to somebody else.
CREATE TABLE service (
    principal TEXT NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL,
    account   TEXT NOT NULL
);
