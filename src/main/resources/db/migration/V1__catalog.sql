-- The catalog. Segment tables live in the schema data, under opaque names; nothing but their owner writes there.
CREATE SCHEMA IF NOT EXISTS data;

-- The role that reading runs as. Where the migrating user may not create roles, an administrator does so beforehand.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'sluice_reader') THEN
    CREATE ROLE sluice_reader NOLOGIN;
  END IF;
  IF NOT pg_has_role(current_user, 'sluice_reader', 'MEMBER') THEN
    EXECUTE format('GRANT sluice_reader TO %I', current_user);
  END IF;
END $$;
GRANT USAGE ON SCHEMA data TO sluice_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA data GRANT SELECT ON TABLES TO sluice_reader;

CREATE TABLE dataset (
  id                 uuid PRIMARY KEY,
  name               text NOT NULL UNIQUE,
  title              text,
  description        text,
  current_version_id uuid,
  -- the highest number ever given to a version of it
  last_number        integer NOT NULL,
  created_at         timestamptz NOT NULL,
  changed_at         timestamptz NOT NULL
);
CREATE INDEX dataset_changed ON dataset (changed_at DESC, id DESC);

-- One immutable table. Referenced by the versions it is part of; one that no version references is swept.
CREATE TABLE segment (
  id         uuid PRIMARY KEY,
  table_name text NOT NULL UNIQUE,
  rows       bigint NOT NULL,
  bytes      bigint NOT NULL,
  widest     integer NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE segment_column (
  segment_id uuid NOT NULL REFERENCES segment ON DELETE CASCADE,
  position   integer NOT NULL,
  name       text NOT NULL,
  label      text NOT NULL,
  type       text NOT NULL,
  format     text,
  null_token text,
  nulls      bigint NOT NULL,
  min        text,
  max        text,
  ruled_out  jsonb NOT NULL,
  PRIMARY KEY (segment_id, position)
);

CREATE SEQUENCE reject_seq INCREMENT BY 100;
CREATE TABLE reject (
  id          bigint PRIMARY KEY,
  segment_id  uuid NOT NULL REFERENCES segment ON DELETE CASCADE,
  row_number  bigint NOT NULL,
  column_name text,
  raw         text NOT NULL,
  reason      text NOT NULL
);
CREATE INDEX reject_segment ON reject (segment_id, row_number);

-- A version is an ordered list of segments, and immutable.
CREATE TABLE version (
  id          uuid PRIMARY KEY,
  dataset_id  uuid NOT NULL REFERENCES dataset ON DELETE CASCADE,
  number      integer NOT NULL,
  rows        bigint NOT NULL,
  bytes       bigint NOT NULL,
  sha256      text NOT NULL,
  rejects     bigint NOT NULL,
  format      text NOT NULL,
  encoding    text NOT NULL,
  delimiter   text NOT NULL,
  quote       text NOT NULL,
  header      boolean NOT NULL,
  source_kind text NOT NULL,
  source_url  text,
  duration_ms bigint NOT NULL,
  created_at  timestamptz NOT NULL,
  UNIQUE (dataset_id, number)
);
ALTER TABLE dataset ADD FOREIGN KEY (current_version_id) REFERENCES version DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE version_segment (
  version_id uuid NOT NULL REFERENCES version ON DELETE CASCADE,
  position   integer NOT NULL,
  segment_id uuid NOT NULL REFERENCES segment,
  PRIMARY KEY (version_id, position)
);
CREATE INDEX version_segment_segment ON version_segment (segment_id);

-- The job of record: committed before the first byte of its source is read.
CREATE TABLE ingest (
  id             uuid PRIMARY KEY,
  dataset        text NOT NULL,
  state          text NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'unchanged')),
  attempt        integer NOT NULL,
  source_kind    text NOT NULL CHECK (source_kind IN ('upload', 'url')),
  source_url     text,
  bytes          bigint NOT NULL DEFAULT 0,
  total_bytes    bigint,
  rows           bigint NOT NULL DEFAULT 0,
  version        integer,
  problem_code   text,
  problem_detail text,
  created_at     timestamptz NOT NULL,
  started_at     timestamptz,
  finished_at    timestamptz
);
CREATE INDEX ingest_created ON ingest (created_at DESC, id DESC);

-- Who works on what, until when. Narrow and without further indexes, so that a heartbeat is a HOT update.
CREATE SEQUENCE lease_token;
CREATE TABLE lease (
  job      uuid PRIMARY KEY,
  owner    uuid NOT NULL,
  token    bigint NOT NULL,
  deadline timestamptz NOT NULL,
  bytes    bigint NOT NULL DEFAULT 0,
  rows     bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- The text of a double in a given notation; the parameters are those of dev.sluice.table.type.DoubleFormat.
-- PostgreSQL's own text is the shortest decimal strictly between the midpoints to the neighbours. Java, Python and
-- JavaScript also take a midpoint itself if it is shorter and is read back as the double (1e23): from 2^53 on it may be.
CREATE FUNCTION data.double_text(
  v double precision, letter text, plus boolean, exponent_digits integer, mantissa_zero boolean,
  fixed_min integer, fixed_max integer, fixed_zero boolean)
RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET extra_float_digits = 1 AS $$
DECLARE
  n        numeric := abs(v::text::numeric);
  step     numeric;
  plain    text;
  whole    text;
  fraction text;
  digits   text;
  exponent integer;
  minus    text := CASE WHEN v < 0 THEN '-' ELSE '' END;
BEGIN
  IF n >= 9007199254740992 THEN
    step := ('1e' || length(n::text) - length(rtrim(n::text, '0')) + 1)::numeric; -- of a text one digit shorter
    IF (div(n, step) * step)::double precision = abs(v) THEN
      n := div(n, step) * step;
    ELSIF ((div(n, step) + 1) * step)::double precision = abs(v) THEN
      n := (div(n, step) + 1) * step;
    END IF;
  END IF;
  plain := n::text;
  whole := split_part(plain, '.', 1);
  fraction := split_part(plain, '.', 2);
  exponent := CASE
    WHEN v = 0 THEN 0
    WHEN whole <> '0' THEN length(whole) - 1
    ELSE -1 - (length(fraction) - length(ltrim(fraction, '0'))) END;
  IF exponent BETWEEN fixed_min AND fixed_max THEN
    RETURN minus || plain || CASE WHEN fraction = '' AND fixed_zero THEN '.0' ELSE '' END;
  END IF;
  digits := coalesce(nullif(rtrim(ltrim(whole || fraction, '0'), '0'), ''), '0');
  RETURN minus || left(digits, 1)
    || CASE WHEN length(digits) > 1 THEN '.' || substr(digits, 2) WHEN mantissa_zero THEN '.0' ELSE '' END
    || letter || CASE WHEN exponent < 0 THEN '-' WHEN plus THEN '+' ELSE '' END
    || lpad(abs(exponent)::text, greatest(exponent_digits, length(abs(exponent)::text)), '0');
END $$;
