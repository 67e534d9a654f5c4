-- The audit has the client's address and, of what was refused, the reason; and a table for each month of UTC, so that what is
-- too old is dropped with its table. Inserts of earlier releases work as before.
ALTER TABLE audit RENAME TO audit_of_all_time;

CREATE SEQUENCE audit_entry;
SELECT setval('audit_entry', (SELECT coalesce(max(id), 0) + 1 FROM audit_of_all_time), false);

-- An identity column of a partitioned table takes PostgreSQL 17.
CREATE TABLE audit (
  id      bigint NOT NULL DEFAULT nextval('sluice.audit_entry'),
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor   text NOT NULL,
  action  text NOT NULL,
  subject text NOT NULL,
  address text,
  reason  text,
  CONSTRAINT audit_by_month_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE audit_entry OWNED BY audit.id;
CREATE INDEX audit_by_month_subject ON audit (subject, id DESC);
-- Refused sign-ins are counted before one more is written down.
CREATE INDEX audit_by_month_refused ON audit (at) WHERE action = 'session.refused';
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- What is of a month that has no table: none is refused. It moves when its table is made.
CREATE TABLE audit_rest PARTITION OF audit DEFAULT;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_rest
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Makes the table of a month, of all that is in audit_rest of that month. One call at a time.
CREATE FUNCTION audit_month(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := 'audit_' || to_char(month, 'YYYY_MM');
  begins timestamptz := month::timestamp AT TIME ZONE 'UTC';
  ends timestamptz := (month + interval '1 month') AT TIME ZONE 'UTC';
BEGIN
  EXECUTE format('CREATE TABLE sluice.%I (LIKE sluice.audit INCLUDING DEFAULTS INCLUDING INDEXES)', name);
  ALTER TABLE sluice.audit_rest DISABLE TRIGGER append_only; -- keeps out inserts too, until the commit
  EXECUTE format('WITH moved AS (DELETE FROM sluice.audit_rest WHERE at >= $1 AND at < $2 RETURNING *)
                  INSERT INTO sluice.%I SELECT * FROM moved', name) USING begins, ends;
  ALTER TABLE sluice.audit_rest ENABLE TRIGGER append_only;
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON sluice.%I
                  FOR EACH STATEMENT EXECUTE FUNCTION sluice.audit_is_append_only()', name);
  EXECUTE format('ALTER TABLE sluice.audit ATTACH PARTITION sluice.%I FOR VALUES FROM (%L) TO (%L)', name, begins, ends);
END $$;

SELECT audit_month(month::date) FROM (
  SELECT date_trunc('month', at AT TIME ZONE 'UTC') AS month FROM audit_of_all_time
  UNION
  SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month' FROM generate_series(0, 2) AS ahead
) AS months;
INSERT INTO audit (id, at, actor, action, subject) SELECT id, at, actor, action, subject FROM audit_of_all_time;
DROP TABLE audit_of_all_time;
