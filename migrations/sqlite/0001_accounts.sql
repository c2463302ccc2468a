-- People, their signed-in browsers, and invitations. Times are epoch milliseconds in UTC, ids are UUID texts.

CREATE TABLE users (
    id              TEXT    NOT NULL PRIMARY KEY,
    email           TEXT    NOT NULL,
    email_lower     TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,
    role            TEXT    NOT NULL CHECK (role IN ('administrator', 'user')),
    password_hash   TEXT    NOT NULL,
    kek_salt        BLOB    NOT NULL,
    preferred_model TEXT,
    created_at      INTEGER NOT NULL
) STRICT;

-- One row for ever: whoever fills it in first is the first administrator.
CREATE TABLE installation (
    id         INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    first_user TEXT    REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
INSERT INTO installation (id, first_user) VALUES (1, NULL);

CREATE TABLE sessions (
    id         TEXT    NOT NULL PRIMARY KEY,
    token_hash BLOB    NOT NULL UNIQUE,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    user_agent TEXT    NOT NULL,
    address    TEXT    NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- used_by is set before the account exists, in the same transaction.
CREATE TABLE invitations (
    id         TEXT    NOT NULL PRIMARY KEY,
    token_hash BLOB    NOT NULL UNIQUE,
    created_by TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    used_by    TEXT    REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
) STRICT;
