-- Work that waits. A job has a row here until it is finished: it waits (no owner, due from when on), or it is held.
ALTER TABLE lease
  ALTER COLUMN owner DROP NOT NULL,
  ALTER COLUMN deadline DROP NOT NULL,
  ADD COLUMN due timestamptz,
  ADD COLUMN cancel boolean NOT NULL DEFAULT false,
  -- the database connection its holder loads on: a frozen one is ended before the job is given away
  ADD COLUMN backend_pid integer,
  ADD COLUMN backend_start timestamptz,
  ADD CHECK ((owner IS NULL) = (due IS NOT NULL) AND (owner IS NULL) = (deadline IS NULL));
-- Neither index has a column that a heartbeat changes, so it stays a HOT update.
CREATE INDEX lease_waiting ON lease (due) WHERE owner IS NULL;
CREATE INDEX lease_held ON lease (job) WHERE owner IS NOT NULL;

ALTER TABLE ingest
  ADD COLUMN options jsonb NOT NULL DEFAULT '{}',
  -- where to fetch from, credentials included: kept only until the ingest is finished
  ADD COLUMN fetch_url text,
  ADD COLUMN hand_backs integer NOT NULL DEFAULT 0,
  ADD COLUMN caller text,
  ADD COLUMN idempotency_key text,
  ADD COLUMN fingerprint text,
  ADD COLUMN sha256 text,
  ADD UNIQUE (caller, idempotency_key);
CREATE INDEX ingest_state ON ingest (state, created_at DESC, id DESC);
CREATE INDEX ingest_dataset ON ingest (dataset, created_at DESC, id DESC);

ALTER TABLE version
  ADD COLUMN options text NOT NULL DEFAULT '',
  ADD COLUMN source_etag text,
  ADD COLUMN source_last_modified text;
