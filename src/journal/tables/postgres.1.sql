-- Version 1 of the journal's tables. Never edited: a change is another file, and a migration to it.
CREATE TABLE journal_events (
    position        BIGINT PRIMARY KEY,
    id              BYTEA NOT NULL,
    type            TEXT NOT NULL,
    subject         TEXT NOT NULL,
    seq             BIGINT NOT NULL,
    occurred_at     BIGINT NOT NULL,
    recorded_at     BIGINT NOT NULL,
    device_seq      BIGINT,
    actor           TEXT NOT NULL,
    role            TEXT NOT NULL,
    on_behalf_of    TEXT,
    idempotency_key TEXT NOT NULL,
    request         BYTEA NOT NULL,
    causation       BYTEA,
    correlation     TEXT,
    visibility      TEXT NOT NULL,
    data            TEXT NOT NULL,
    prev_hash       BYTEA NOT NULL,
    hash            BYTEA NOT NULL
);
CREATE UNIQUE INDEX journal_events_of_subject ON journal_events (subject, seq);
CREATE INDEX journal_events_of_key ON journal_events (idempotency_key);
-- The last event once more: what it takes to append, and to see that a tail is missing.
CREATE TABLE journal_head (
    one         BIGINT PRIMARY KEY CHECK (one = 1),
    position    BIGINT NOT NULL,
    hash        BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL
);
CREATE TABLE journal_snapshots (
    schema      BIGINT PRIMARY KEY,
    position    BIGINT NOT NULL,
    chain       BYTEA NOT NULL,
    recorded_at BIGINT NOT NULL,
    bytes       BYTEA NOT NULL,
    hash        BYTEA NOT NULL
);
-- The row on which writers queue stands there from the start.
INSERT INTO journal_head VALUES (1, 0, '\x0000000000000000000000000000000000000000000000000000000000000000', -9223372036854775808);
CREATE TABLE journal_version (version INTEGER NOT NULL);
INSERT INTO journal_version VALUES (1);
