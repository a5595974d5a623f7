-- The key that an account has chosen for a service. It may be deleted meanwhile: then the service
-- has none there, until the account says so.
CREATE TABLE service_key (
    account   TEXT   NOT NULL,
    region    TEXT   NOT NULL,
    service   TEXT   NOT NULL,
    key_arn   TEXT   NOT NULL,
    chosen_at BIGINT NOT NULL,
    PRIMARY KEY (account, region, service)
);
