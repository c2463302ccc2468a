-- Who may pay when a person's own keys cannot: the rule of each person who set one, and the administrator's terms for
-- everybody. Amounts are nano-dollars a day. A paused answer belongs to no server: its owner is 'paused', and it goes
-- on by itself at wake_at.

CREATE TABLE fallback_rules (
    user_id   TEXT    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    policy    TEXT    NOT NULL,
    day_limit INTEGER
) STRICT;

CREATE TABLE platform_terms (
    id        INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    policy    TEXT    NOT NULL,
    day_limit INTEGER,
    grant_day INTEGER
) STRICT;
INSERT INTO platform_terms (id, policy) VALUES (1, 'ask');

ALTER TABLE generations ADD COLUMN wake_at INTEGER;
