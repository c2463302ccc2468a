-- Keys that others have taken the place of. replaced_by names the one in use; it is no foreign key, since that one may
-- be removed first. former_* tell of the key that a row's own has replaced, once its provider said that it is dead.
-- generations.key_id is the stored key that an answer is being written with, and NULL while it uses none.

ALTER TABLE provider_keys ADD COLUMN replaced_by TEXT;
ALTER TABLE provider_keys ADD COLUMN replaced_at BIGINT;
ALTER TABLE provider_keys ADD COLUMN former_last_four TEXT;
ALTER TABLE provider_keys ADD COLUMN former_dead_at BIGINT;
ALTER TABLE generations ADD COLUMN key_id TEXT;
