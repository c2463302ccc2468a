-- The audit trail as hash chains: one for each user, one for the installation, one of root entries over all others.
-- What was recorded before moves into the chains when the store is opened, since hashes cannot be made in SQL.

DROP TRIGGER audit_refuses_update ON audit;
DROP TRIGGER audit_refuses_delete ON audit;
DROP TRIGGER audit_refuses_truncate ON audit;
DROP INDEX audit_by_user;
ALTER TABLE audit RENAME TO audit_unchained;
ALTER INDEX audit_pkey RENAME TO audit_unchained_pkey;

-- user_id is no foreign key: entries outlive accounts.
CREATE TABLE audit (
    chain   TEXT    NOT NULL,
    seq     BIGINT  NOT NULL,
    format  BIGINT  NOT NULL,
    at      BIGINT  NOT NULL,
    user_id TEXT,
    action  TEXT    NOT NULL,
    subject TEXT,
    detail  TEXT    NOT NULL,
    prev    TEXT    NOT NULL,
    hash    TEXT    NOT NULL,
    PRIMARY KEY (chain, seq)
);
CREATE INDEX audit_by_user ON audit (user_id, seq);
CREATE INDEX audit_by_time ON audit (at, seq, chain);

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuses_change();

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_refuses_change();

CREATE TRIGGER audit_refuses_truncate BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_change();

-- The last entry of each chain. Whoever adds an entry updates this row first, and so waits for others who do.
CREATE TABLE audit_heads (
    chain TEXT    NOT NULL PRIMARY KEY,
    seq   BIGINT  NOT NULL,
    at    BIGINT  NOT NULL,
    hash  TEXT    NOT NULL
);

-- The number up to which root entries have told of each chain.
CREATE TABLE audit_rooted (
    chain TEXT    NOT NULL PRIMARY KEY,
    seq   BIGINT  NOT NULL
);
