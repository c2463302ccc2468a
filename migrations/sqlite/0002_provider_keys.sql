-- Provider keys as sealed bytes. Nothing in this database opens them.

CREATE TABLE provider_keys (
    id                TEXT    NOT NULL PRIMARY KEY,
    user_id           TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider          TEXT    NOT NULL,
    endpoint          TEXT    NOT NULL,
    base_url          TEXT    NOT NULL,
    label             TEXT    NOT NULL,
    last_four         TEXT    NOT NULL,
    key_cipher        BLOB    NOT NULL,
    iv                BLOB    NOT NULL,
    wrapped_dek       BLOB    NOT NULL,
    dek_iv            BLOB    NOT NULL,
    kek_id            TEXT    NOT NULL,
    format            INTEGER NOT NULL,
    key_hash          BLOB    NOT NULL,
    is_active         INTEGER NOT NULL,
    validation_status TEXT    NOT NULL,
    models            TEXT,
    created_at        INTEGER NOT NULL,
    last_used         INTEGER,
    last_validated    INTEGER,
    UNIQUE (user_id, key_hash)
) STRICT;
