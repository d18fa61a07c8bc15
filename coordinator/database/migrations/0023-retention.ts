/** What was forgotten by its age, and what is kept of it. */
export const sql = `
-- Sealed days of usage of which sums are kept and no records. Chained like seals, over what is in usage_purged_sums.
CREATE TABLE usage_purges (
  day       INTEGER PRIMARY KEY REFERENCES usage_seals (day),
  last_seq  INTEGER NOT NULL,
  records   INTEGER NOT NULL,
  hash      BLOB NOT NULL CHECK (length(hash) = 32),
  purged_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER usage_purges_sealed BEFORE INSERT ON usage_purges
WHEN NOT EXISTS (SELECT 1 FROM usage_seals WHERE (day, last_seq, records) = (NEW.day, NEW.last_seq, NEW.records)) BEGIN
  SELECT RAISE(ABORT, 'only a day that was sealed can be summed up');
END;
CREATE TRIGGER usage_purges_fixed BEFORE UPDATE ON usage_purges BEGIN
  SELECT RAISE(ABORT, 'what is told of forgotten usage is never changed');
END;
CREATE TRIGGER usage_purges_kept BEFORE DELETE ON usage_purges BEGIN
  SELECT RAISE(ABORT, 'what is told of forgotten usage is never removed');
END;

-- What the records of such a day came to, by when they were metered: what came late is sealed with a later day.
CREATE TABLE usage_purged_sums (
  day           INTEGER NOT NULL REFERENCES usage_purges (day),
  at            INTEGER NOT NULL,                 -- first millisecond of the day (UTC)
  owner_seq     INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  charged       INTEGER NOT NULL,
  records       INTEGER NOT NULL,
  tasks         INTEGER NOT NULL,
  wall_us       INTEGER NOT NULL,
  user_us       INTEGER NOT NULL,
  system_us     INTEGER NOT NULL,
  device_us     INTEGER NOT NULL,
  gpu_us        INTEGER NOT NULL,
  memory_mib_ms INTEGER NOT NULL,
  read_bytes    INTEGER NOT NULL,
  written_bytes INTEGER NOT NULL,
  bytes_in      INTEGER NOT NULL,
  bytes_out     INTEGER NOT NULL,
  stored_mib_s  INTEGER NOT NULL,
  requests      INTEGER NOT NULL,
  amount_micro  INTEGER NOT NULL,
  PRIMARY KEY (day, at, owner_seq, kind, charged)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_purged_by_time ON usage_purged_sums (at);
CREATE TRIGGER usage_purged_sums_fixed BEFORE UPDATE ON usage_purged_sums BEGIN
  SELECT RAISE(ABORT, 'what is told of forgotten usage is never changed');
END;
CREATE TRIGGER usage_purged_sums_kept BEFORE DELETE ON usage_purged_sums BEGIN
  SELECT RAISE(ABORT, 'what is told of forgotten usage is never removed');
END;

-- Up to this record all are gone, and what they came to is in the roll-ups of generation 0, which is never made anew. One row.
CREATE TABLE usage_forgotten (
  one    INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  to_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO usage_forgotten (one) VALUES (1);

DROP TRIGGER usage_records_kept;
CREATE TRIGGER usage_records_kept BEFORE DELETE ON usage_records
WHEN OLD.seq > (SELECT to_seq FROM usage_forgotten)
  OR OLD.seq > coalesce((SELECT last_seq FROM usage_purges ORDER BY day DESC LIMIT 1), 0) BEGIN
  SELECT RAISE(ABORT, 'a usage record goes only after its day was sealed and summed up');
END;

-- How far tasks were forgotten: only up to that there may be usage without its attempt. One row.
CREATE TABLE forgotten_tasks (
  one          INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  to_seq       INTEGER NOT NULL DEFAULT 0,        -- the highest of them
  ended_before INTEGER NOT NULL DEFAULT 0,        -- all of them
  tasks        INTEGER NOT NULL DEFAULT 0,
  attempts     INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO forgotten_tasks (one) VALUES (1);

-- Of the tasks that a trigger has made of a version, those that were forgotten.
ALTER TABLE trigger_firings ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
`;
