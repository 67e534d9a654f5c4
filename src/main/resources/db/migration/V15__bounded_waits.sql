-- Which datasets ingests are of, in the order of bytes: names that begin alike are neighbours. And the ingests of one in a state.
CREATE INDEX ingest_dataset_state ON sluice.ingest (dataset COLLATE "C", state, created_at DESC, id DESC);

-- Last, since heartbeats wait for it. The transaction that the holder of a job loads in: behind a pooler its connection is
-- another client's soon after.
ALTER TABLE sluice.lease ADD COLUMN backend_transaction timestamptz;
