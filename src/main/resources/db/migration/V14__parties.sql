-- Whom a job is for: those whose jobs wait take turns. What an earlier release queues is all for one.
ALTER TABLE sluice.lease ADD COLUMN party text NOT NULL DEFAULT '';
-- Neither index has a column that a heartbeat changes, so it stays a HOT update.
CREATE INDEX lease_party ON sluice.lease (party, due) WHERE owner IS NULL;
DROP INDEX sluice.lease_held;
CREATE INDEX lease_held ON sluice.lease (party) WHERE owner IS NOT NULL;
