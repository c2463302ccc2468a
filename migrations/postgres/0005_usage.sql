-- What each answer used and cost. Outlives its message and its key. An unknown cost is NULL, never 0.

CREATE TABLE usage (
    message_id          TEXT    NOT NULL PRIMARY KEY,
    user_id             TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_id              TEXT,
    credential          TEXT    NOT NULL,
    provider            TEXT    NOT NULL,
    model               TEXT    NOT NULL,
    input_tokens        BIGINT  NOT NULL,
    cached_input_tokens BIGINT  NOT NULL,
    cache_write_tokens  BIGINT  NOT NULL,
    output_tokens       BIGINT  NOT NULL,
    reasoning_tokens    BIGINT  NOT NULL,
    cost_nano           BIGINT,
    is_estimated        BOOLEAN NOT NULL,
    ttft_ms             BIGINT,
    duration_ms         BIGINT  NOT NULL,
    outcome             TEXT    NOT NULL,
    fallback_reason     TEXT,
    created_at          BIGINT  NOT NULL
);
CREATE INDEX usage_by_user ON usage (user_id, created_at, message_id);
