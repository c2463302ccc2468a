-- The owner's order of their keys, and what keeps a key that fails from slowing every turn: failures in a row, and
-- until when it rests. rest_because is a diagnosis' word.

ALTER TABLE provider_keys ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE provider_keys ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE provider_keys ADD COLUMN rest_until INTEGER;
ALTER TABLE provider_keys ADD COLUMN rest_because TEXT;
