-- The audit trail as hash chains: one for each user, one for the installation, one of root entries over all others.
-- What was recorded before moves into the chains when the store is opened, since hashes cannot be made in SQL.

DROP TRIGGER audit_refuses_update;
DROP TRIGGER audit_refuses_delete;
DROP INDEX audit_by_user;
ALTER TABLE audit RENAME TO audit_unchained;

-- user_id is no foreign key: entries outlive accounts.
CREATE TABLE audit (
    chain   TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    format  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    user_id TEXT,
    action  TEXT    NOT NULL,
    subject TEXT,
    detail  TEXT    NOT NULL,
    prev    TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT;
CREATE INDEX audit_by_user ON audit (user_id, seq);
CREATE INDEX audit_by_time ON audit (at, seq, chain);

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries cannot be changed');
END;

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries cannot be deleted');
END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_refuses_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE chain = NEW.chain AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit entries cannot be replaced');
END;

-- The last entry of each chain. Whoever adds an entry updates this row first, and so waits for others who do.
CREATE TABLE audit_heads (
    chain TEXT    NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL,
    at    INTEGER NOT NULL,
    hash  TEXT    NOT NULL
) STRICT;

-- The number up to which root entries have told of each chain.
CREATE TABLE audit_rooted (
    chain TEXT    NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL
) STRICT;
