/**
 * Work. `tasks` holds one row a task with its live lease, if it runs; everything that is over (attempts, log, usage)
 * goes into append-only tables of its own, so that the hot rows stay few and small.
 */
export const sql = `
-- A manifest as it was when tasks were made from it: a task pins its type's version.
CREATE TABLE task_types (
  seq        INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  manifest   TEXT NOT NULL CHECK (json_valid(manifest)),
  installed  INTEGER NOT NULL DEFAULT 0 CHECK (installed IN (0, 1)),   -- 1: by an administrator; 0: built in
  retired_at INTEGER,                             -- taken away: its tasks run on, new ones are refused
  UNIQUE (name, version),
  CHECK (retired_at IS NULL OR installed = 1)
) STRICT;

CREATE TABLE tasks (
  seq            INTEGER PRIMARY KEY,
  id             TEXT NOT NULL UNIQUE,
  owner_seq      INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  type_seq       INTEGER NOT NULL REFERENCES task_types (seq),
  state          TEXT NOT NULL CHECK (state IN ('waiting', 'queued', 'running', 'retrying',
                                                'succeeded', 'failed', 'cancelled', 'expired', 'quarantined')),
  version        INTEGER NOT NULL DEFAULT 1,      -- raised by every change of state
  routing_key    TEXT NOT NULL,
  priority       INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 9),
  parameters     TEXT NOT NULL,                   -- JSON object, checked against the manifest before
  inputs         TEXT NOT NULL,                   -- JSON array of StoredInput
  file_seq       INTEGER,                         -- the first input, for lists by file
  job_seq        INTEGER,                         -- asked for as a part of that
  dedupe_key     TEXT,
  created_at     INTEGER NOT NULL,
  due_at         INTEGER,                         -- when waiting on time, or on a back-off, ends
  expires_at     INTEGER,
  queued_at      INTEGER,
  started_at     INTEGER,                         -- of the newest attempt
  finished_at    INTEGER,
  blockers       INTEGER NOT NULL DEFAULT 0,      -- tasks in task_dependencies that have not succeeded yet
  failures       INTEGER NOT NULL DEFAULT 0,
  losses         INTEGER NOT NULL DEFAULT 0,
  attempt        INTEGER NOT NULL DEFAULT 0,      -- number of the newest attempt
  lease_token    TEXT,                            -- fences the live attempt
  lease_node     TEXT,
  avoid_node     TEXT,                            -- where the last worker was lost
  service_class  TEXT,                            -- asked for at submit; null: the one of its owner
  boosted_at     INTEGER,                         -- an administrator let it go first
  held_at        INTEGER,                         -- somebody keeps it out of line
  held_by        TEXT,                            -- public id of who, or 'budget'; its owner may undo only the own word
  held_reason    TEXT,
  estimate_micro INTEGER,                         -- what it was expected to cost when it was made; null: nothing had a price
  budgeted       INTEGER NOT NULL DEFAULT 0,      -- 1: something is set aside for it in a budget, or it waits for one
  cancel_at      INTEGER,                         -- when cancelling was asked for
  result         TEXT,
  error_code     TEXT,
  error_message  TEXT,
  discarded_at   INTEGER,                         -- an operator took it out of the quarantine; it failed all the same
  CHECK ((finished_at IS NOT NULL) = (state IN ('succeeded', 'failed', 'cancelled', 'expired', 'quarantined'))),
  CHECK ((lease_token IS NOT NULL) = (state = 'running')),
  CHECK ((lease_node IS NOT NULL) = (lease_token IS NOT NULL)),
  CHECK (state <> 'retrying' OR due_at IS NOT NULL),
  CHECK ((held_by IS NOT NULL) = (held_at IS NOT NULL)),
  CHECK (state <> 'waiting' OR due_at IS NOT NULL OR blockers > 0)
) STRICT;
CREATE INDEX tasks_open ON tasks (seq) WHERE finished_at IS NULL;
CREATE INDEX tasks_of_owner ON tasks (owner_seq, seq);
CREATE INDEX tasks_of_file ON tasks (file_seq, seq) WHERE file_seq IS NOT NULL;
CREATE INDEX tasks_of_job ON tasks (job_seq, seq) WHERE job_seq IS NOT NULL;
CREATE INDEX tasks_due ON tasks (due_at) WHERE due_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX tasks_expiring ON tasks (expires_at) WHERE expires_at IS NOT NULL AND finished_at IS NULL;
CREATE UNIQUE INDEX tasks_dedupe ON tasks (owner_seq, dedupe_key) WHERE dedupe_key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX tasks_held ON tasks (seq) WHERE held_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX tasks_troubled ON tasks (seq) WHERE state IN ('failed', 'quarantined', 'retrying');

-- How many open tasks of each person do not run (waiting, queued, retrying; held ones too). Kept by triggers, so that a cap
-- on them costs one look-up however many there are, and nobody who ends or moves tasks can forget it.
CREATE TABLE task_counts (
  owner_seq INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  pending   INTEGER NOT NULL CHECK (pending >= 0)
) STRICT;
CREATE TRIGGER tasks_pending_more AFTER INSERT ON tasks WHEN NEW.finished_at IS NULL AND NEW.state <> 'running' BEGIN
  INSERT INTO task_counts VALUES (NEW.owner_seq, 1) ON CONFLICT (owner_seq) DO UPDATE SET pending = pending + 1;
END;
CREATE TRIGGER tasks_pending_less AFTER DELETE ON tasks WHEN OLD.finished_at IS NULL AND OLD.state <> 'running' BEGIN
  UPDATE task_counts SET pending = pending - 1 WHERE owner_seq = OLD.owner_seq;
END;
-- One trigger for both ways: each that looks at changes of state costs every one of them a microsecond.
CREATE TRIGGER tasks_pending_moved AFTER UPDATE OF state ON tasks
WHEN (NEW.state IN ('waiting', 'queued', 'retrying')) <> (OLD.state IN ('waiting', 'queued', 'retrying')) BEGIN
  INSERT INTO task_counts VALUES (NEW.owner_seq, 1)
  ON CONFLICT (owner_seq) DO UPDATE SET pending = pending + iif(NEW.state IN ('waiting', 'queued', 'retrying'), 1, -1);
END;

CREATE TABLE task_dependencies (
  task_seq  INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  after_seq INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  PRIMARY KEY (after_seq, task_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependencies_of_task ON task_dependencies (task_seq);

-- Attempts that are over, with what they used. The live one is the lease in tasks.
CREATE TABLE attempts (
  task_seq      INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  number        INTEGER NOT NULL,
  node          TEXT NOT NULL,
  token         TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('succeeded', 'failed', 'cancelled', 'returned', 'lost')),
  reason        TEXT,
  started_at    INTEGER NOT NULL,
  finished_at   INTEGER NOT NULL,
  usage_seq     INTEGER,                           -- its row in usage_records
  PRIMARY KEY (task_seq, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_outputs (
  task_seq   INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  blob_seq   INTEGER NOT NULL REFERENCES blobs (seq),
  media_type TEXT NOT NULL,
  PRIMARY KEY (task_seq, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX task_outputs_of_blob ON task_outputs (blob_seq);
-- However an output goes (with its task, with its owner), its reference goes with it.
CREATE TRIGGER task_outputs_release AFTER DELETE ON task_outputs BEGIN
  UPDATE blobs SET refs = refs - 1, idle_since = iif(refs = 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), NULL)
  WHERE seq = OLD.blob_seq;
END;

CREATE TABLE task_logs (
  task_seq INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,                      -- attempt * 1,000,000 + line: sorts attempts, spots repeats
  at       INTEGER NOT NULL,
  stream   TEXT NOT NULL CHECK (stream IN ('out', 'err', 'system')),
  text     TEXT NOT NULL,
  PRIMARY KEY (task_seq, seq)
) STRICT, WITHOUT ROWID;

-- One metered fact a row, append-only. Whole microseconds and whole bytes, so that sums are exact.
CREATE TABLE usage_records (
  seq               INTEGER PRIMARY KEY,
  at                INTEGER NOT NULL,
  owner_seq         INTEGER NOT NULL,
  kind              TEXT NOT NULL CHECK (kind IN ('attempt', 'upload', 'download', 'storage', 'requests', 'correction')),
  task_seq          INTEGER,
  attempt           INTEGER,
  charged           INTEGER NOT NULL CHECK (charged IN (0, 1)),   -- 0: the platform's own loss
  -- What it is summed by. Names as they were then: what is renamed or deleted later keeps its past.
  node              TEXT,
  task_type         TEXT,
  queue             TEXT,
  service_class     TEXT,
  wall_us           INTEGER NOT NULL DEFAULT 0,
  user_us           INTEGER NOT NULL DEFAULT 0,                    -- CPU of the whole process tree
  system_us         INTEGER NOT NULL DEFAULT 0,
  device_us         INTEGER NOT NULL DEFAULT 0,                    -- exclusive devices held, each for its time
  gpu_us            INTEGER NOT NULL DEFAULT 0,
  peak_memory_bytes INTEGER NOT NULL DEFAULT 0,
  memory_mib_ms     INTEGER NOT NULL DEFAULT 0,                    -- resident memory summed over time
  read_bytes        INTEGER NOT NULL DEFAULT 0,                    -- from and to storage, by the process tree
  written_bytes     INTEGER NOT NULL DEFAULT 0,
  bytes_in          INTEGER NOT NULL DEFAULT 0,                    -- moved between people, coordinator and nodes
  bytes_out         INTEGER NOT NULL DEFAULT 0,
  stored_mib_s      INTEGER NOT NULL DEFAULT 0,
  requests          INTEGER NOT NULL DEFAULT 0,
  measured          TEXT,                                          -- how CPU and memory were measured; null: not at all
  flags             TEXT,                                          -- figures that could not be, and were cut: names by comma
  price_version     INTEGER,                                       -- of the price book; null: nothing had a price
  amount_micro      INTEGER NOT NULL DEFAULT 0                     -- millionths of the book's currency, as of then
) STRICT;
CREATE INDEX usage_of_owner ON usage_records (owner_seq, at);

-- What people's uploads and downloads come to in a calendar month (UTC): the sum of those usage records.
CREATE TABLE transfer_use (
  owner_seq INTEGER NOT NULL,
  month     INTEGER NOT NULL,                     -- its first millisecond
  bytes     INTEGER NOT NULL CHECK (bytes >= 0),
  PRIMARY KEY (owner_seq, month)
) STRICT, WITHOUT ROWID;

-- What a request with an Idempotency-Key was answered, so that a repeat gets the same answer.
CREATE TABLE idempotency_keys (
  owner_seq    INTEGER NOT NULL,
  key          TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  answer       TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  PRIMARY KEY (owner_seq, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency_keys (created_at);

-- Every routing key that a person has used, so that "tasks of queue q" becomes "tasks with one of these keys".
CREATE TABLE routing_keys (
  owner_seq INTEGER NOT NULL,
  key       TEXT NOT NULL,
  PRIMARY KEY (owner_seq, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE queues (
  name         TEXT PRIMARY KEY,
  binding_keys TEXT NOT NULL CHECK (json_valid(binding_keys)),
  paused_at    INTEGER,
  draining_at  INTEGER,                           -- takes no new tasks; what is in line is worked off
  reason       TEXT,                              -- of the last pause or drain
  steered_by   TEXT,                              -- public id of who paused, drained or resumed it last
  steered_at   INTEGER,
  created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO queues (name, binding_keys, created_at)
VALUES ('normal', '["normal.#"]', 0), ('priority', '["priority.#"]', 0), ('hardware', '["hardware.#"]', 0);
`;
