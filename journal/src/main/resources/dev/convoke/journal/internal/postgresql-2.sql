-- Those that hold up their lane: a lane of a million would else be looked through each time that one of it has ended.
CREATE INDEX convoke_delivery_head ON convoke_delivery (listener, lane) WHERE lane IS NOT NULL AND state IN ('READY', 'RUNNING');

-- What events are called that processes still publish under the name they had before: who listens to the one gets the other, too.
CREATE TABLE convoke_event_name (
    before TEXT PRIMARY KEY,
    now    TEXT NOT NULL
);

UPDATE convoke_journal SET version = 2;
