-- What the one catalog of this database is recognised by, in Redis for one.
CREATE TABLE sluice.catalog (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);

INSERT INTO sluice.catalog DEFAULT VALUES;
