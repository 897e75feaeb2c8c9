-- Those that hold up their lane: a lane of a million would else be looked through each time that one of it has ended.
CREATE INDEX convoke_delivery_head ON convoke_delivery (listener, lane) WHERE lane IS NOT NULL AND state IN ('READY', 'RUNNING');

UPDATE convoke_journal SET version = 2;
