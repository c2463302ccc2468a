-- What each answer used and cost. Outlives its message and its key. An unknown cost is NULL, never 0.

CREATE TABLE usage (
    message_id          TEXT    NOT NULL PRIMARY KEY,
    user_id             TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_id              TEXT,
    credential          TEXT    NOT NULL,
    provider            TEXT    NOT NULL,
    model               TEXT    NOT NULL,
    input_tokens        INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    cache_write_tokens  INTEGER NOT NULL,
    output_tokens       INTEGER NOT NULL,
    reasoning_tokens    INTEGER NOT NULL,
    cost_nano           INTEGER,
    is_estimated        INTEGER NOT NULL,
    ttft_ms             INTEGER,
    duration_ms         INTEGER NOT NULL,
    outcome             TEXT    NOT NULL,
    fallback_reason     TEXT,
    created_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX usage_by_user ON usage (user_id, created_at, message_id);
