-- Conversations, their tree of messages, and what is being written right now.

-- leaf_id is the message that the conversation shows last. It is no foreign key: each table would need the other first.
CREATE TABLE conversations (
    id         TEXT    NOT NULL PRIMARY KEY,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title      TEXT    NOT NULL,
    model      TEXT,
    leaf_id    TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (id, user_id)
) STRICT;
CREATE INDEX conversations_by_user ON conversations (user_id, updated_at, id);

-- parent_id does not cascade: a long conversation would be deleted by a recursion as deep as it is long.
CREATE TABLE messages (
    id              TEXT    NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL,
    user_id         TEXT    NOT NULL,
    parent_id       TEXT    REFERENCES messages (id),
    author          TEXT    NOT NULL CHECK (author IN ('user', 'assistant')),
    status          TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    reasoning       TEXT    NOT NULL,
    model           TEXT,
    receipt         TEXT,
    error           TEXT,
    created_at      INTEGER NOT NULL,
    completed_at    INTEGER,
    FOREIGN KEY (conversation_id, user_id) REFERENCES conversations (id, user_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX messages_by_conversation ON messages (conversation_id, user_id);
CREATE INDEX messages_by_parent ON messages (parent_id);

-- Answers being written, one a conversation, each held by the server that renews its lease.
CREATE TABLE generations (
    message_id      TEXT    NOT NULL PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    user_id         TEXT    NOT NULL,
    conversation_id TEXT    NOT NULL UNIQUE,
    owner           TEXT    NOT NULL,
    lease_until     INTEGER NOT NULL,
    stop_requested  INTEGER NOT NULL,
    UNIQUE (message_id, owner)
) STRICT;
CREATE INDEX generations_by_lease ON generations (lease_until);
CREATE INDEX generations_by_owner ON generations (owner);

-- Frames of running answers. The key over (message_id, owner) makes a write of a server that has lost its lease fail.
CREATE TABLE journal (
    message_id TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    frame      TEXT    NOT NULL,
    PRIMARY KEY (message_id, seq),
    FOREIGN KEY (message_id, owner) REFERENCES generations (message_id, owner)
        ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
