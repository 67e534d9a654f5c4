-- What is known of every cell of a column: the bytes that dev.sluice.table.profile.ColumnProfile writes. A table of its
-- own, since they are large and seldom asked for. Segments that an earlier release loaded have none.
CREATE TABLE segment_profile (
  segment_id uuid NOT NULL REFERENCES segment ON DELETE CASCADE,
  position   integer NOT NULL,
  profile    bytea NOT NULL,
  PRIMARY KEY (segment_id, position)
);
