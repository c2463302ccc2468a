-- Notices follow from other rows and are stored nowhere. What is stored: those that a person put away, each by an id
-- that stands for one cause at one stage; from which age on they want to hear of a key; and since when a key's status is
-- what it is.

CREATE TABLE dismissed_notices (
    user_id      TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    notice       TEXT    NOT NULL,
    dismissed_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, notice)
) STRICT;

CREATE TABLE notice_settings (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    key_age TEXT NOT NULL
) STRICT;

ALTER TABLE provider_keys ADD COLUMN status_since INTEGER;
