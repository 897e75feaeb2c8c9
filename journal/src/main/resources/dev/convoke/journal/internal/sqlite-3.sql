-- Sessions: a process counts its heartbeats, and says after how many milliseconds without one it may be taken for dead.
DELETE FROM convoke_session;
ALTER TABLE convoke_session ADD COLUMN beats INTEGER NOT NULL DEFAULT 0;
ALTER TABLE convoke_session ADD COLUMN ttl INTEGER NOT NULL DEFAULT 15000;
ALTER TABLE convoke_session ADD COLUMN process TEXT NOT NULL DEFAULT '';

-- A listener keeps the id that it was first entered with, whatever it is called now: deliveries are kept under its id.
-- successor: the listener that goes on with its deliveries, where both were there before the one was renamed to the other.
-- retired_at: it was given up, and its deliveries are being removed.
ALTER TABLE convoke_listener ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE convoke_listener ADD COLUMN successor TEXT;
ALTER TABLE convoke_listener ADD COLUMN retired_at INTEGER;
UPDATE convoke_listener SET name = id;

-- Every name that a listener has or had.
CREATE TABLE convoke_listener_name (
    name     TEXT PRIMARY KEY,
    listener TEXT NOT NULL
);
INSERT INTO convoke_listener_name (name, listener) SELECT id, id FROM convoke_listener;

-- What a listener is subscribed to, by whatever version of the application; seen_at is when the last process that had it so left.
CREATE TABLE convoke_subscription (
    listener TEXT NOT NULL,
    selector TEXT NOT NULL,
    pattern  BOOLEAN NOT NULL,
    ordered  BOOLEAN NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (listener, selector, pattern, ordered)
);
INSERT INTO convoke_subscription (listener, selector, pattern, ordered, seen_at)
    SELECT id, selector, pattern, ordered, seen_at FROM convoke_listener;
ALTER TABLE convoke_listener DROP COLUMN selector;
ALTER TABLE convoke_listener DROP COLUMN pattern;
ALTER TABLE convoke_listener DROP COLUMN ordered;

-- Which running process has which listener, how it is subscribed there, and which event and version it reads; no version where it
-- is subscribed to a pattern.
CREATE TABLE convoke_reader (
    session  TEXT NOT NULL,
    listener TEXT NOT NULL,
    selector TEXT NOT NULL,
    pattern  BOOLEAN NOT NULL,
    ordered  BOOLEAN NOT NULL,
    version  INTEGER,
    PRIMARY KEY (session, listener)
);
CREATE INDEX convoke_reader_listener ON convoke_reader (listener);

-- What was published in transactions of the application's own: it waits here until it is sequenced, in the order of the ids.
CREATE TABLE convoke_inbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    source       TEXT NOT NULL,
    event_id     TEXT NOT NULL,
    name         TEXT NOT NULL,
    event_key    TEXT,
    lane         TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    version      INTEGER NOT NULL,
    payload      TEXT NOT NULL,
    attributes   TEXT NOT NULL,
    parent_id    TEXT,
    fingerprint  INTEGER NOT NULL
);
CREATE INDEX convoke_inbox_identity ON convoke_inbox (source, event_id);
CREATE INDEX convoke_inbox_lane ON convoke_inbox (lane);

-- fingerprint: of what was published, by which a second event with the same identity is told from the same one published again.
ALTER TABLE convoke_event ADD COLUMN fingerprint INTEGER NOT NULL DEFAULT 0;

-- ended_at: when the last of its deliveries ended, where that was long after it was stored.
ALTER TABLE convoke_event ADD COLUMN ended_at INTEGER NOT NULL DEFAULT 0;

-- UNREADABLE: no process that tried could read the event; it waits, in its place, since parked_at for one that can read what it
-- needs: a version and the name of an event.
ALTER TABLE convoke_delivery ADD COLUMN crashed_at INTEGER;
ALTER TABLE convoke_delivery ADD COLUMN first_failed_at INTEGER;
ALTER TABLE convoke_delivery ADD COLUMN failed_at INTEGER;
ALTER TABLE convoke_delivery ADD COLUMN parked_at INTEGER;
ALTER TABLE convoke_delivery ADD COLUMN needs TEXT;
CREATE INDEX convoke_delivery_unreadable ON convoke_delivery (listener, needs, event) WHERE state = 'UNREADABLE';
CREATE INDEX convoke_delivery_suspect ON convoke_delivery (listener, due_at) WHERE state = 'READY' AND crashes >= 2;
DROP INDEX convoke_delivery_head;
CREATE INDEX convoke_delivery_head ON convoke_delivery (listener, lane) WHERE lane IS NOT NULL AND state IN ('READY', 'RUNNING', 'UNREADABLE');

-- Dead deliveries in the order in which operators lock them.
CREATE INDEX convoke_delivery_oldest ON convoke_delivery (event, listener) WHERE state = 'DEAD' OR state = 'DISCARDED';

UPDATE convoke_journal SET version = 3, generation = generation + 1;
