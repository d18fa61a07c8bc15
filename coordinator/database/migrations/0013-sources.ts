/** Topics that are gathered again and again: where each was left, what it may take in a month, what came of its runs. */
export const sql = `
CREATE TABLE sources (
  seq               INTEGER PRIMARY KEY AUTOINCREMENT,
  id                TEXT NOT NULL UNIQUE,
  owner_seq         INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  name              TEXT NOT NULL,
  name_key          TEXT NOT NULL,                -- NFKC, lower case: names that look alike collide
  version           INTEGER NOT NULL DEFAULT 1,   -- raised by what people change, and when it stops
  type              TEXT NOT NULL,
  parameters        TEXT NOT NULL CHECK (json_valid(parameters)),
  secrets           TEXT NOT NULL CHECK (json_valid(secrets)),        -- slot -> public id
  dataset_seq       INTEGER NOT NULL UNIQUE REFERENCES datasets (seq),
  cursor            TEXT CHECK (json_valid(cursor)),                  -- null: it begins anew
  cursor_version    INTEGER NOT NULL DEFAULT 0,   -- raised by every move and by a reset: what began before is late
  most_items        INTEGER CHECK (most_items > 0),                   -- of a month; null: any number
  most_spend_micros INTEGER CHECK (most_spend_micros >= 0),
  price_micros      INTEGER NOT NULL DEFAULT 0 CHECK (price_micros >= 0),
  state             TEXT NOT NULL CHECK (state IN ('active', 'stopped')),
  reason            TEXT,                         -- why it is stopped, and what to do
  last_ok_at        INTEGER,
  created_at        INTEGER NOT NULL,
  updated_at        INTEGER NOT NULL,
  UNIQUE (owner_seq, name_key),
  CHECK ((state = 'stopped') = (reason IS NOT NULL)),
  CHECK (most_spend_micros IS NULL OR price_micros > 0)
) STRICT;

-- Of runs that have ended; what open ones may still bring is in their rows, so no counter can leak.
CREATE TABLE source_use (
  source_seq   INTEGER NOT NULL REFERENCES sources (seq) ON DELETE CASCADE,
  month        INTEGER NOT NULL,                  -- months since January of the year 0, UTC
  items        INTEGER NOT NULL DEFAULT 0 CHECK (items >= 0),
  spend_micros INTEGER NOT NULL DEFAULT 0 CHECK (spend_micros >= 0),
  PRIMARY KEY (source_seq, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_runs (
  task_seq        INTEGER PRIMARY KEY REFERENCES tasks (seq) ON DELETE CASCADE,
  source_seq      INTEGER NOT NULL REFERENCES sources (seq) ON DELETE CASCADE,
  cursor_version  INTEGER NOT NULL,               -- as it was when the run began
  month           INTEGER NOT NULL,               -- whose cap it takes from, also when it ends in the next one
  reserved        INTEGER NOT NULL CHECK (reserved >= 0),             -- items that it may bring
  price_micros    INTEGER NOT NULL,
  state           TEXT NOT NULL CHECK (state IN ('open', 'done', 'late', 'unusable', 'failed')),
  items           INTEGER NOT NULL DEFAULT 0,
  more            INTEGER NOT NULL DEFAULT 0 CHECK (more IN (0, 1)),
  note            TEXT,
  dataset_version INTEGER,
  started_at      INTEGER NOT NULL,
  finished_at     INTEGER,
  CHECK ((state = 'open') = (finished_at IS NULL))
) STRICT;
CREATE INDEX source_runs_in_order ON source_runs (source_seq, task_seq);
CREATE INDEX source_runs_open ON source_runs (source_seq) WHERE state = 'open';

-- Asked when a source is told, stopped or deleted.
CREATE INDEX schedules_of_source ON schedules (wish ->> '$.source') WHERE wish ->> '$.source' IS NOT NULL;

-- A source's task failed, or is tried again by hand: its reservation is gone by then and another run may have gone on from
-- the same place, so the source is run again instead.
CREATE TRIGGER sources_task_moved AFTER UPDATE OF finished_at ON tasks
WHEN (NEW.finished_at IS NULL) <> (OLD.finished_at IS NULL) AND NEW.state <> 'succeeded'
  AND EXISTS (SELECT 1 FROM source_runs WHERE task_seq = NEW.seq) BEGIN
  SELECT RAISE(ABORT, 'of-a-source') WHERE NEW.finished_at IS NULL;
  INSERT INTO happenings (at, kind, owner_seq, ref) VALUES (NEW.finished_at, 'source.failed', NEW.owner_seq, NEW.seq);
END;
`;
