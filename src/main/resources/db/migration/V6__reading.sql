-- Versions that somebody reads by their number are kept for that long again.
ALTER TABLE sluice.version ADD COLUMN read_at timestamptz;
