/** What was asked for in one go, why tasks are there, and what is still to follow from what has happened. */
export const sql = `
CREATE TABLE jobs (
  seq            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  owner_seq      INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  cause          TEXT NOT NULL CHECK (cause IN ('demand', 'backfill', 'schedule', 'again')),
  title          TEXT NOT NULL,
  recipe         TEXT,                            -- public id; the recipe may be gone
  recipe_version INTEGER,
  schedule_seq   INTEGER,
  trigger_seq    INTEGER,
  wish           TEXT NOT NULL CHECK (json_valid(wish)),  -- the steps as they were, what over, class, key, where results go
  state          TEXT NOT NULL CHECK (state IN ('feeding', 'running', 'paused', 'done', 'failed', 'cancelled')),
  cursor         TEXT,                            -- where feeding goes on
  fed_at         INTEGER,                         -- when all its tasks were made
  planned        INTEGER,                         -- tasks as counted beforehand
  tasks          INTEGER NOT NULL DEFAULT 0,
  open           INTEGER NOT NULL DEFAULT 0,
  succeeded      INTEGER NOT NULL DEFAULT 0,
  failed         INTEGER NOT NULL DEFAULT 0,      -- quarantined and expired ones, too
  cancelled      INTEGER NOT NULL DEFAULT 0,
  skipped        INTEGER NOT NULL DEFAULT 0,
  skips          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(skips)),  -- reason -> how many
  created_at     INTEGER NOT NULL,
  cancel_at      INTEGER,
  finished_at    INTEGER,
  counted        INTEGER NOT NULL DEFAULT 0,      -- how it ended counts for its schedule once, however often it is tried again
  CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed', 'cancelled'))),
  CHECK (tasks = open + succeeded + failed + cancelled)
) STRICT;
CREATE INDEX jobs_of_owner ON jobs (owner_seq, seq);
CREATE INDEX jobs_unfed ON jobs (seq) WHERE fed_at IS NULL AND finished_at IS NULL;
CREATE INDEX jobs_unfinished ON jobs (owner_seq) WHERE finished_at IS NULL;
CREATE INDEX jobs_of_schedule ON jobs (schedule_seq, seq) WHERE schedule_seq IS NOT NULL;

-- Kept by triggers, whoever makes, ends or tries tasks again.
CREATE TRIGGER jobs_task_made AFTER INSERT ON tasks WHEN NEW.job_seq IS NOT NULL BEGIN
  UPDATE jobs SET tasks = tasks + 1, open = open + 1 WHERE seq = NEW.job_seq;
END;
CREATE TRIGGER jobs_task_moved AFTER UPDATE OF finished_at ON tasks
WHEN NEW.job_seq IS NOT NULL AND (NEW.finished_at IS NULL) <> (OLD.finished_at IS NULL) BEGIN
  UPDATE jobs SET
    open      = open      + (NEW.finished_at IS NULL) - (OLD.finished_at IS NULL),
    succeeded = succeeded + (NEW.state = 'succeeded') - (OLD.state = 'succeeded'),
    cancelled = cancelled + (NEW.state = 'cancelled') - (OLD.state = 'cancelled'),
    failed    = failed    + (NEW.state IN ('failed', 'quarantined', 'expired'))
                          - (OLD.state IN ('failed', 'quarantined', 'expired'))
  WHERE seq = NEW.job_seq;
END;
CREATE TRIGGER jobs_over AFTER UPDATE OF open, fed_at ON jobs
WHEN NEW.open = 0 AND NEW.fed_at IS NOT NULL AND NEW.finished_at IS NULL BEGIN
  UPDATE jobs SET finished_at = CAST(unixepoch('subsec') * 1000 AS INTEGER),
    state = CASE WHEN NEW.cancel_at IS NOT NULL THEN 'cancelled' WHEN NEW.failed > 0 THEN 'failed'
                 WHEN NEW.cancelled > 0 AND NEW.succeeded = 0 THEN 'cancelled' ELSE 'done' END
  WHERE seq = NEW.seq;
  INSERT INTO happenings (at, kind, owner_seq, ref)
  VALUES (CAST(unixepoch('subsec') * 1000 AS INTEGER), 'job.ended', NEW.owner_seq, NEW.seq);
  INSERT INTO happenings (at, kind, owner_seq, ref)
  SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER), 'schedule.job-ended', NEW.owner_seq, NEW.seq
  WHERE NEW.schedule_seq IS NOT NULL;
END;
-- A task was tried again by hand: what was said of the job before is over.
CREATE TRIGGER jobs_reopened AFTER UPDATE OF open ON jobs WHEN NEW.open > 0 AND NEW.finished_at IS NOT NULL BEGIN
  UPDATE jobs SET finished_at = NULL, cancel_at = NULL, state = 'running' WHERE seq = NEW.seq;
END;

-- Why a task is there, and what is to become of what comes out. No row: somebody submitted it, its outputs stay with it.
CREATE TABLE task_origins (
  task_seq       INTEGER PRIMARY KEY REFERENCES tasks (seq) ON DELETE CASCADE,
  cause          TEXT NOT NULL CHECK (cause IN ('upload', 'update', 'access', 'result', 'schedule', 'demand', 'backfill', 'again')),
  recipe         TEXT,
  recipe_version INTEGER,
  step           INTEGER,
  trigger_seq    INTEGER,
  schedule_seq   INTEGER,
  source_seq     INTEGER,
  lineage        TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lineage)),   -- seqs of the triggers that led here
  filing         TEXT CHECK (filing IS NULL OR json_valid(filing)),
  given          TEXT CHECK (given IS NULL OR json_valid(given))           -- {secrets: {slot: id}, source: {cursor, left}}
) STRICT;
CREATE INDEX task_origins_of_source ON task_origins (source_seq, task_seq) WHERE source_seq IS NOT NULL;

-- What is still to be done because of what was committed: written in the same transaction, and deleted in the one that
-- does it. AUTOINCREMENT: a number never comes again, so who has seen one knows what is new.
CREATE TABLE happenings (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  owner_seq INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  ref       INTEGER,
  detail    TEXT CHECK (detail IS NULL OR json_valid(detail))
) STRICT;
CREATE INDEX happenings_of_kind ON happenings (kind, seq);
CREATE INDEX happenings_of_owner ON happenings (owner_seq);
`;
