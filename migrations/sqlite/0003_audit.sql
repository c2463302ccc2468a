-- What was done, by whom. Rows are added and never changed. user_id is no foreign key: entries outlive accounts.

CREATE TABLE audit (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    user_id TEXT,
    action  TEXT    NOT NULL,
    subject TEXT,
    detail  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_by_user ON audit (user_id, id);

CREATE TRIGGER audit_refuses_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries cannot be changed');
END;

CREATE TRIGGER audit_refuses_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit entries cannot be deleted');
END;
