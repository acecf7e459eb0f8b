-- Version 1 of the journal's tables. Never edited: a change is another file, and a migration to it.
CREATE TABLE events (
    position        INTEGER PRIMARY KEY,
    id              BLOB NOT NULL,
    type            TEXT NOT NULL,
    subject         TEXT NOT NULL,
    seq             INTEGER NOT NULL,
    occurred_at     INTEGER NOT NULL,
    recorded_at     INTEGER NOT NULL,
    device_seq      INTEGER,
    actor           TEXT NOT NULL,
    role            TEXT NOT NULL,
    on_behalf_of    TEXT,
    idempotency_key TEXT NOT NULL,
    request         BLOB NOT NULL,
    causation       BLOB,
    correlation     TEXT,
    visibility      TEXT NOT NULL,
    data            TEXT NOT NULL,
    prev_hash       BLOB NOT NULL,
    hash            BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_of_subject ON events (subject, seq);
CREATE INDEX events_of_key ON events (idempotency_key);
-- The last event once more: what it takes to append, and to see that a tail is missing.
CREATE TABLE head (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    position    INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE TABLE snapshots (
    schema      INTEGER PRIMARY KEY,
    position    INTEGER NOT NULL,
    chain       BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    bytes       BLOB NOT NULL,
    hash        BLOB NOT NULL
) STRICT;
