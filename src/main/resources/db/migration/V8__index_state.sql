-- Of the index of a column: dev.sluice.dataset.IndexState; null: none.
ALTER TABLE sluice.segment_column
  ADD COLUMN index_state text CHECK (index_state IN ('building', 'ready', 'failed', 'dropping'));

-- What there is to do.
CREATE INDEX segment_column_index_due ON sluice.segment_column (segment_id)
  WHERE index_state IN ('building', 'dropping');

-- What an earlier release made with a load gets its state, and the name by which it can be dropped.
DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.segment_id, c.position, s.table_name, i.indexrelid::regclass AS index
    FROM sluice.segment_column c
    JOIN sluice.segment s ON s.id = c.segment_id
    JOIN pg_index i ON i.indrelid = to_regclass('data."' || s.table_name || '"') AND NOT i.indisprimary
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND a.attname = c.name
  LOOP
    EXECUTE format('ALTER INDEX %s RENAME TO %I', found.index, found.table_name || '_' || found.position);
    UPDATE sluice.segment_column SET index_state = 'ready'
    WHERE segment_id = found.segment_id AND position = found.position;
  END LOOP;
END $$;
