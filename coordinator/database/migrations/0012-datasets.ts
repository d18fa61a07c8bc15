/** Published trees of files that tasks work on without copying. */
export const sql = `
CREATE TABLE datasets (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  owner_seq       INTEGER REFERENCES users (seq) ON DELETE SET NULL,          -- null: the system's
  name            TEXT NOT NULL,
  title           TEXT NOT NULL,
  description     TEXT NOT NULL DEFAULT '',
  licence_name    TEXT NOT NULL DEFAULT '',
  licence_text    TEXT,                                                       -- null: nothing has to be accepted
  licence_version INTEGER NOT NULL DEFAULT 1,                                 -- raised when the text changes
  version         INTEGER NOT NULL DEFAULT 0,                                 -- the newest that is published; 0: none yet
  everyone        INTEGER NOT NULL DEFAULT 0 CHECK (everyone IN (0, 1)),
  state           TEXT NOT NULL CHECK (state IN ('importing', 'ready', 'failed', 'retired')),
  reason          TEXT,                                                       -- why the last publication failed
  revision        INTEGER NOT NULL DEFAULT 1,
  -- What all rows kept take, of whichever version: it counts against the owner's quota.
  files           INTEGER NOT NULL DEFAULT 0 CHECK (files >= 0),
  bytes           INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  sample          TEXT UNIQUE,                                                -- which of the project's own it is; its row outlives it
  fed             INTEGER NOT NULL DEFAULT 0 CHECK (fed IN (0, 1)),           -- a source appends to it, nobody publishes
  -- Linked in place: the directory of this machine where its files lie, links resolved. Null: in the blob store.
  root            TEXT,
  missing_since   INTEGER,                                                    -- when that was found not to be there
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CHECK (missing_since IS NULL OR root IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX datasets_by_name ON datasets (name) WHERE state <> 'retired';
CREATE INDEX datasets_of_owner ON datasets (owner_seq) WHERE owner_seq IS NOT NULL;
CREATE INDEX datasets_retired ON datasets (seq) WHERE state = 'retired';

CREATE TABLE dataset_versions (
  dataset_seq INTEGER NOT NULL REFERENCES datasets (seq) ON DELETE CASCADE,
  number      INTEGER NOT NULL CHECK (number >= 1),
  at          INTEGER NOT NULL,
  by          TEXT NOT NULL,
  note        TEXT NOT NULL DEFAULT '',
  files       INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  PRIMARY KEY (dataset_seq, number)
) STRICT, WITHOUT ROWID;

-- In version n are the rows with added_in <= n that are not removed_in <= n. Until datasets.version says n + 1 nobody
-- sees what is being prepared for it, so a version is there whole or not at all.
CREATE TABLE dataset_entries (
  seq         INTEGER PRIMARY KEY,
  dataset_seq INTEGER NOT NULL REFERENCES datasets (seq) ON DELETE CASCADE,
  path        TEXT NOT NULL,                                                  -- without a slash before it
  blob_seq    INTEGER REFERENCES blobs (seq),                                 -- null: its bytes lie in the dataset's root
  -- Of what lies there, as it was when it was hashed.
  sha256      BLOB CHECK (length(sha256) = 32),
  size        INTEGER,
  modified_ns TEXT,
  place       TEXT,                                                           -- below the root; null: the same as the path
  changed_at  INTEGER,                                                        -- when it was found not to be that any more
  media_type  TEXT,
  added_in    INTEGER NOT NULL,
  removed_in  INTEGER CHECK (removed_in > added_in),
  UNIQUE (dataset_seq, path, added_in),
  CHECK ((blob_seq IS NULL) = (sha256 IS NOT NULL)),
  CHECK ((blob_seq IS NULL) = (size IS NOT NULL)),
  CHECK ((blob_seq IS NULL) = (modified_ns IS NOT NULL)),
  CHECK (blob_seq IS NULL OR (place IS NULL AND changed_at IS NULL))
) STRICT;
CREATE INDEX dataset_entries_of_blob ON dataset_entries (blob_seq) WHERE blob_seq IS NOT NULL;
CREATE INDEX dataset_entries_linked ON dataset_entries (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX dataset_entries_changed ON dataset_entries (dataset_seq) WHERE changed_at IS NOT NULL;
CREATE INDEX dataset_entries_kept ON dataset_entries (dataset_seq) WHERE removed_in IS NULL;
CREATE INDEX dataset_entries_removed ON dataset_entries (dataset_seq, removed_in) WHERE removed_in IS NOT NULL;
CREATE INDEX dataset_entries_added ON dataset_entries (dataset_seq, added_in);
CREATE TRIGGER dataset_entries_release AFTER DELETE ON dataset_entries WHEN OLD.blob_seq IS NOT NULL BEGIN
  UPDATE blobs SET refs = refs - 1, idle_since = iif(refs = 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), NULL)
  WHERE seq = OLD.blob_seq;
END;

-- A version that is being made. A process that finds one at its start begins it anew.
CREATE TABLE dataset_publications (
  dataset_seq INTEGER PRIMARY KEY REFERENCES datasets (seq) ON DELETE CASCADE,
  number      INTEGER NOT NULL,
  source      TEXT NOT NULL CHECK (json_valid(source)),
  note        TEXT NOT NULL,
  by          TEXT NOT NULL,
  address     TEXT NOT NULL,
  files       INTEGER NOT NULL DEFAULT 0,                                     -- in it so far
  bytes       INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What was hashed in place for a version that did not come to be: hours of reading are not lost with it.
CREATE TABLE linked_hashes (
  dataset_seq INTEGER NOT NULL REFERENCES datasets (seq) ON DELETE CASCADE,
  path        TEXT NOT NULL,
  size        INTEGER NOT NULL,
  modified_ns TEXT NOT NULL,
  sha256      BLOB NOT NULL CHECK (length(sha256) = 32),
  media_type  TEXT,
  PRIMARY KEY (dataset_seq, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE dataset_grants (
  dataset_seq INTEGER NOT NULL REFERENCES datasets (seq) ON DELETE CASCADE,
  user_seq    INTEGER REFERENCES users (seq) ON DELETE CASCADE,
  group_seq   INTEGER REFERENCES groups (seq) ON DELETE CASCADE,
  CHECK ((user_seq IS NULL) <> (group_seq IS NULL)),
  UNIQUE (dataset_seq, user_seq),
  UNIQUE (dataset_seq, group_seq)
) STRICT;
CREATE INDEX dataset_grants_of_user ON dataset_grants (user_seq) WHERE user_seq IS NOT NULL;
CREATE INDEX dataset_grants_of_group ON dataset_grants (group_seq) WHERE group_seq IS NOT NULL;

CREATE TABLE licence_acceptances (
  dataset_seq     INTEGER NOT NULL REFERENCES datasets (seq) ON DELETE CASCADE,
  licence_version INTEGER NOT NULL,
  user_seq        INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  at              INTEGER NOT NULL,
  PRIMARY KEY (dataset_seq, licence_version, user_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX licence_acceptances_of_user ON licence_acceptances (user_seq);

-- Which open tasks read it: what is retired stays on disk until none does. Kept by the triggers below, whoever makes
-- a task or opens it again and however; for a dataset that is retired by then they refuse.
CREATE TABLE dataset_uses (
  dataset_seq INTEGER NOT NULL REFERENCES datasets (seq),
  task_seq    INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  PRIMARY KEY (dataset_seq, task_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX dataset_uses_of_task ON dataset_uses (task_seq);
-- In JSON text a quotation mark within a string has a backslash before it, so no path can look like this.
CREATE TRIGGER dataset_uses_begin AFTER INSERT ON tasks WHEN instr(NEW.inputs, '"dataset":"dts_') > 0 BEGIN
  SELECT RAISE(ABORT, 'dataset-retired') WHERE EXISTS (
    SELECT 1 FROM json_each(NEW.inputs) i WHERE i.value ->> '$.dataset' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM datasets d WHERE d.id = i.value ->> '$.dataset' AND d.state <> 'retired'));
  INSERT OR IGNORE INTO dataset_uses
    SELECT d.seq, NEW.seq FROM json_each(NEW.inputs) i JOIN datasets d ON d.id = i.value ->> '$.dataset';
END;
CREATE TRIGGER dataset_uses_moved AFTER UPDATE OF finished_at ON tasks
WHEN (NEW.finished_at IS NULL) <> (OLD.finished_at IS NULL) AND instr(NEW.inputs, '"dataset":"dts_') > 0 BEGIN
  SELECT RAISE(ABORT, 'dataset-retired') WHERE NEW.finished_at IS NULL AND EXISTS (
    SELECT 1 FROM json_each(NEW.inputs) i WHERE i.value ->> '$.dataset' IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM datasets d WHERE d.id = i.value ->> '$.dataset' AND d.state <> 'retired'));
  INSERT OR IGNORE INTO dataset_uses
    SELECT d.seq, NEW.seq FROM json_each(NEW.inputs) i JOIN datasets d ON d.id = i.value ->> '$.dataset'
    WHERE NEW.finished_at IS NULL;
  DELETE FROM dataset_uses WHERE NEW.finished_at IS NOT NULL AND task_seq = NEW.seq;
END;
`;
