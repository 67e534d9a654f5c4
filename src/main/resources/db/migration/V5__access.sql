-- Who may ask for what. Of a key there is only a hash: it is random, of 256 bits, so none slower than SHA-256 is needed.
CREATE TABLE api_key (
  id           uuid PRIMARY KEY,
  name         text NOT NULL,
  hash         text NOT NULL UNIQUE,
  prefix       text NOT NULL,
  scope        text NOT NULL CHECK (scope IN ('READ', 'WRITE', 'ADMIN')),
  datasets     text[] NOT NULL,
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
CREATE INDEX api_key_created ON api_key (created_at DESC, id DESC);

-- Who changed what and when. Grows only: there is no changing or deleting, not even by mistake.
CREATE TABLE audit (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor   text NOT NULL,
  action  text NOT NULL,
  subject text NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, id DESC);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- What one caller has running or waiting is counted before it may have more.
CREATE INDEX ingest_unfinished ON ingest (caller, source_kind) WHERE finished_at IS NULL;
