-- What a person's keys may spend by day and month, and what running answers have reserved of it. Amounts are
-- nano-dollars. subject is 'account' (all own keys together), 'platform', or a key's id. A period's sum counts while
-- its start is the present period's.

CREATE TABLE budgets (
    user_id     TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    subject     TEXT    NOT NULL,
    day_limit   BIGINT,
    month_limit BIGINT,
    day_start   BIGINT  NOT NULL,
    day_used    BIGINT  NOT NULL,
    month_start BIGINT  NOT NULL,
    month_used  BIGINT  NOT NULL,
    reserved    BIGINT  NOT NULL,
    PRIMARY KEY (user_id, subject)
);

-- message_id is no foreign key: what a deleted answer has reserved must be given back, too.
CREATE TABLE reservations (
    message_id TEXT    NOT NULL,
    user_id    TEXT    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    subject    TEXT    NOT NULL,
    amount     BIGINT  NOT NULL,
    PRIMARY KEY (message_id, subject)
);
