-- Provider keys as sealed bytes. Nothing in this database opens them.

CREATE TABLE provider_keys (
    id                TEXT    NOT NULL PRIMARY KEY,
    user_id           TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider          TEXT    NOT NULL,
    endpoint          TEXT    NOT NULL,
    base_url          TEXT    NOT NULL,
    label             TEXT    NOT NULL,
    last_four         TEXT    NOT NULL,
    key_cipher        BYTEA   NOT NULL,
    iv                BYTEA   NOT NULL,
    wrapped_dek       BYTEA   NOT NULL,
    dek_iv            BYTEA   NOT NULL,
    kek_id            TEXT    NOT NULL,
    format            BIGINT  NOT NULL,
    key_hash          BYTEA   NOT NULL,
    is_active         BOOLEAN NOT NULL,
    validation_status TEXT    NOT NULL,
    models            TEXT,
    created_at        BIGINT  NOT NULL,
    last_used         BIGINT,
    last_validated    BIGINT,
    UNIQUE (user_id, key_hash)
);
