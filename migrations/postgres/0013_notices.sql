-- Notices follow from other rows and are stored nowhere. What is stored: those that a person put away, each by an id
-- that stands for one cause at one stage; from which age on they want to hear of a key; and since when a key's status is
-- what it is.

CREATE TABLE dismissed_notices (
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    notice       TEXT    NOT NULL,
    dismissed_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, notice)
);

CREATE TABLE notice_settings (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    key_age TEXT NOT NULL
);

ALTER TABLE provider_keys ADD COLUMN status_since BIGINT;
