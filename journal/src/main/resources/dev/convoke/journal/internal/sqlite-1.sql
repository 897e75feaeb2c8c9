-- Every event that a durable listener wants, once. Times are milliseconds since 1970, by the database's clock.
CREATE TABLE convoke_event (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT NOT NULL,
    event_id     TEXT NOT NULL,
    name         TEXT NOT NULL,
    event_key    TEXT,
    published_at INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    payload      TEXT NOT NULL,
    attributes   TEXT NOT NULL,
    parent_id    TEXT,
    deliveries   INTEGER NOT NULL DEFAULT 0,
    stored_at    INTEGER NOT NULL,
    UNIQUE (source, event_id)
);

-- Every durable listener that there ever was and nobody has retired; seen_at is when a living process had it.
CREATE TABLE convoke_listener (
    id       TEXT PRIMARY KEY,
    selector TEXT NOT NULL,
    pattern  BOOLEAN NOT NULL,
    ordered  BOOLEAN NOT NULL,
    seen_at  INTEGER NOT NULL
);

-- What is to be done: one row for each event and listener, which goes when it is done.
-- READY: from due_at on. RUNNING: a session has it. WAITING: behind another of its lane. DEAD: not tried again.
-- DISCARDED: as DEAD, and nobody is to look at it any more.
CREATE TABLE convoke_delivery (
    event    INTEGER NOT NULL,
    listener TEXT NOT NULL,
    lane     TEXT,
    state    TEXT NOT NULL,
    epoch    INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    crashes  INTEGER NOT NULL DEFAULT 0,
    due_at   INTEGER NOT NULL,
    session  TEXT,
    reason   TEXT,
    error    TEXT,
    PRIMARY KEY (event, listener)
);
CREATE INDEX convoke_delivery_ready ON convoke_delivery (listener, due_at, event) WHERE state = 'READY';
CREATE INDEX convoke_delivery_lane ON convoke_delivery (listener, lane, event) WHERE lane IS NOT NULL AND state NOT IN ('DEAD', 'DISCARDED');
CREATE INDEX convoke_delivery_running ON convoke_delivery (session) WHERE state = 'RUNNING';
CREATE INDEX convoke_delivery_dead ON convoke_delivery (listener, event) WHERE state IN ('DEAD', 'DISCARDED');

-- A process that uses the journal, from its start to its end.
CREATE TABLE convoke_session (
    id           TEXT PRIMARY KEY,
    heartbeat_at INTEGER NOT NULL,
    generation   INTEGER NOT NULL
);

-- One row: which script this schema is of, and how often the listeners have changed.
CREATE TABLE convoke_journal (
    version    INTEGER NOT NULL,
    generation INTEGER NOT NULL
);
INSERT INTO convoke_journal (version, generation) VALUES (1, 0);
