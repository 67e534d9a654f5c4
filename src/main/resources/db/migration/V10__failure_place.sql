-- Where in its source an ingest failed, and which process worked on it last. Earlier releases leave all of it null.
ALTER TABLE sluice.ingest
  ADD COLUMN worker text,
  ADD COLUMN problem_row bigint,
  ADD COLUMN problem_byte bigint,
  ADD COLUMN problem_column text,
  ADD COLUMN problem_raw text;
