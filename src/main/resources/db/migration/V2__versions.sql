-- How many versions to keep; null: as configured.
ALTER TABLE dataset ADD COLUMN keep_versions integer CHECK (keep_versions BETWEEN 1 AND 1000);

-- When another version took its place as the current one. A release that does not know the column leaves it null;
-- the next publish makes up for that.
ALTER TABLE version ADD COLUMN superseded_at timestamptz;
UPDATE version v SET superseded_at = clock_timestamp()
WHERE NOT EXISTS (SELECT FROM dataset d WHERE d.current_version_id = v.id);

-- Deleting a version looks for the dataset it is current in.
CREATE INDEX dataset_current_version ON dataset (current_version_id);
