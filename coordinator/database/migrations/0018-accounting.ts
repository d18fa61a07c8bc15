/** What becomes of metered facts: sums, seals. */
export const sql = `
CREATE TRIGGER usage_records_fixed BEFORE UPDATE ON usage_records BEGIN
  SELECT RAISE(ABORT, 'a usage record is never changed: post a correction');
END;
CREATE TRIGGER usage_records_kept BEFORE DELETE ON usage_records
WHEN OLD.seq > (SELECT coalesce(max(last_seq), 0) FROM usage_seals) BEGIN
  SELECT RAISE(ABORT, 'a usage record goes only after its day was sealed');
END;

-- Names in roll-ups, as numbers: there are millions of rows and few names. 0 stands for none.
CREATE TABLE usage_names (
  seq  INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- Sets of roll-ups. One counts; another may be made beside it, to compare it or to take its place.
CREATE TABLE usage_rollup_sets (
  generation   INTEGER PRIMARY KEY,
  is_current   INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  folded_seq   INTEGER NOT NULL,                  -- up to this record all are in the sums of hours
  -- The days before this one (UTC) are in the sums of days and months, and of this one what belongs to people up to that one.
  closed_at    INTEGER NOT NULL DEFAULT 0,
  closed_owner INTEGER NOT NULL DEFAULT -1
) STRICT;
CREATE UNIQUE INDEX usage_rollups_current ON usage_rollup_sets (is_current) WHERE is_current = 1;
INSERT INTO usage_rollup_sets (generation, is_current, folded_seq) VALUES (1, 1, 0);

-- Sums of usage records. What a cube leaves out (rollup-cubes.ts) is 0.
CREATE TABLE usage_rollups (
  generation    INTEGER NOT NULL,
  cube          INTEGER NOT NULL,
  at            INTEGER NOT NULL,                 -- first millisecond of the hour, day or month (UTC)
  owner_seq     INTEGER NOT NULL,
  service_class INTEGER NOT NULL,
  queue         INTEGER NOT NULL,
  node          INTEGER NOT NULL,
  task_type     INTEGER NOT NULL,
  kind          INTEGER NOT NULL,
  charged       INTEGER NOT NULL,
  records       INTEGER NOT NULL,
  tasks         INTEGER NOT NULL,                 -- of which the first attempt is among the records
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
  PRIMARY KEY (generation, cube, at, owner_seq, service_class, queue, node, task_type, kind, charged)
) STRICT, WITHOUT ROWID;

-- A day of records, closed: the hash covers them in their order, and the seal before.
CREATE TABLE usage_seals (
  day       INTEGER PRIMARY KEY,                  -- its first millisecond (UTC)
  first_seq INTEGER NOT NULL,
  last_seq  INTEGER NOT NULL,
  records   INTEGER NOT NULL,
  hash      BLOB NOT NULL CHECK (length(hash) = 32),
  sealed_at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER usage_seals_fixed BEFORE UPDATE ON usage_seals BEGIN
  SELECT RAISE(ABORT, 'a seal is never changed');
END;
CREATE TRIGGER usage_seals_kept BEFORE DELETE ON usage_seals BEGIN
  SELECT RAISE(ABORT, 'a seal is never removed');
END;

-- Up to when it was metered what a person's files take, and what was left over below a whole MiB x second.
CREATE TABLE storage_metering (
  owner_seq  INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  metered_at INTEGER NOT NULL,
  rest       INTEGER NOT NULL                     -- bytes x ms
) STRICT;

-- What things cost, from when on. Usage keeps the version by which it was priced, so a version is never changed.
CREATE TABLE price_book (
  version       INTEGER PRIMARY KEY AUTOINCREMENT,
  starts_at     INTEGER NOT NULL UNIQUE,
  currency      TEXT NOT NULL,
  prices        TEXT NOT NULL CHECK (json_valid(prices)),
  class_factors TEXT NOT NULL CHECK (json_valid(class_factors)),
  note          TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  created_by    TEXT NOT NULL
) STRICT;
CREATE TRIGGER price_book_fixed BEFORE UPDATE ON price_book BEGIN
  SELECT RAISE(ABORT, 'a version of the price book is never changed');
END;

-- What corrections are for, apart from their records: a reason may tell of a person, and goes when that person is deleted.
CREATE TABLE usage_corrections (
  seq          INTEGER PRIMARY KEY,               -- of its usage record
  owner_seq    INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  amount_micro INTEGER NOT NULL,
  reason       TEXT NOT NULL
) STRICT;
CREATE INDEX usage_corrections_of_owner ON usage_corrections (owner_seq, at);

-- All that was ever metered of each person, as MServe counts: values, their sum and that of their squares. In a page's
-- transaction with the watermark, like roll-ups; never made anew, so that they outlive the records.
CREATE TABLE usage_counters (
  owner_seq INTEGER NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('attempt', 'upload', 'download', 'storage')),
  task_type TEXT NOT NULL,                        -- '' for what has none
  outcome   TEXT NOT NULL CHECK (outcome IN ('success', 'failed', '')),
  reports   INTEGER NOT NULL,
  total     INTEGER NOT NULL,                     -- microseconds, bytes, or MiB x s
  squares   REAL NOT NULL,
  least     INTEGER NOT NULL,
  most      INTEGER NOT NULL,
  first_at  INTEGER NOT NULL,
  last_at   INTEGER NOT NULL,
  PRIMARY KEY (owner_seq, kind, task_type, outcome)
) STRICT, WITHOUT ROWID;
CREATE TABLE usage_counted (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  last_seq INTEGER NOT NULL                       -- up to this record all are in the counters
) STRICT;
INSERT INTO usage_counted VALUES (1, 0);
`;
