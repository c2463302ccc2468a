-- Which root secret keys are sealed under, which one is to follow it, and what the running servers can open.

-- kek_id is set by the first change of the root secret, and names the one that everything is sealed under from then on.
ALTER TABLE installation ADD COLUMN kek_id TEXT;
ALTER TABLE installation ADD COLUMN next_kek_id TEXT;

-- kek_ids are separated by spaces. A server that does not come back before alive_until counts as gone.
CREATE TABLE servers (
    id          TEXT    NOT NULL PRIMARY KEY,
    kek_ids     TEXT    NOT NULL,
    alive_until INTEGER NOT NULL
) STRICT;

CREATE INDEX provider_keys_by_user ON provider_keys (user_id, id);

-- Whoever writes sealed bytes writes them under the present root secret, or not at all.
CREATE TRIGGER provider_keys_insert_under_the_present_root BEFORE INSERT ON provider_keys
WHEN NEW.kek_id <> (SELECT kek_id FROM installation WHERE id = 1)
BEGIN
    SELECT RAISE(ABORT, 'sealed under a replaced root secret');
END;

CREATE TRIGGER provider_keys_update_under_the_present_root BEFORE UPDATE OF kek_id ON provider_keys
WHEN NEW.kek_id <> (SELECT kek_id FROM installation WHERE id = 1)
BEGIN
    SELECT RAISE(ABORT, 'sealed under a replaced root secret');
END;
