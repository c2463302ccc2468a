-- How long a key may be used, and when it is asked about at its provider. expires_at is its owner's limit; end_noted is
-- the limit whose passing stands in the audit trail. next_check is the schedule, check_claimed_until the promise of a
-- server that is asking right now. credit_left are nano-dollars by the provider's word. longest_key_life is in
-- milliseconds.

ALTER TABLE provider_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE provider_keys ADD COLUMN end_noted INTEGER;
ALTER TABLE provider_keys ADD COLUMN next_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE provider_keys ADD COLUMN check_failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE provider_keys ADD COLUMN check_claimed_until INTEGER;
ALTER TABLE provider_keys ADD COLUMN credit_left INTEGER;
ALTER TABLE platform_terms ADD COLUMN longest_key_life INTEGER;

CREATE INDEX provider_keys_by_next_check ON provider_keys (next_check, id);
CREATE INDEX provider_keys_by_expires_at ON provider_keys (expires_at);
