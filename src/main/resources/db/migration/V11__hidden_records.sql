-- Lines of a record that was kept out which look like records of their own.
ALTER TABLE sluice.reject ADD COLUMN hides integer NOT NULL DEFAULT 0;
