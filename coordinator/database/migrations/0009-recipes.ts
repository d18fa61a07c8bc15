/** What people have done to their files by themselves: recipes, the triggers that start them, and what each has started. */
export const sql = `
-- A person without a row was never given the recipe that everybody begins with. revision: raised by every change of the
-- person's recipes and triggers, so that a plan that was made before one is known to be stale.
CREATE TABLE recipe_books (
  owner_seq INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  revision  INTEGER NOT NULL
) STRICT;

-- AUTOINCREMENT here and below: what is noted of something that is gone must never come to mean another.
CREATE TABLE recipes (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  owner_seq  INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,                       -- NFKC, lower case
  version    INTEGER NOT NULL CHECK (version >= 1),
  body       TEXT NOT NULL CHECK (json_valid(body)),   -- {description, steps}
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (owner_seq, name_key)
) STRICT;

-- Append-only; the newest ones are kept. Results name (recipe, version).
CREATE TABLE recipe_versions (
  recipe_seq INTEGER NOT NULL REFERENCES recipes (seq) ON DELETE CASCADE,
  version    INTEGER NOT NULL,
  name       TEXT NOT NULL,
  body       TEXT NOT NULL CHECK (json_valid(body)),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  PRIMARY KEY (recipe_seq, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE triggers (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,
  owner_seq     INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  recipe_seq    INTEGER NOT NULL REFERENCES recipes (seq) ON DELETE CASCADE,
  version       INTEGER NOT NULL DEFAULT 1,
  folder        TEXT NOT NULL,
  recursive     INTEGER NOT NULL CHECK (recursive IN (0, 1)),
  media_types   TEXT NOT NULL CHECK (json_valid(media_types)),
  ignored       TEXT NOT NULL CHECK (json_valid(ignored)),      -- patterns of names
  events        TEXT NOT NULL CHECK (json_valid(events)),       -- of upload, update; or access alone
  on_results    INTEGER NOT NULL CHECK (on_results IN (0, 1)),
  routing_key   TEXT,
  service_class TEXT,
  enabled       INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX triggers_of_owner ON triggers (owner_seq, seq);
CREATE INDEX triggers_of_recipe ON triggers (recipe_seq);

-- Exactly one a trigger, version of a file, and event. Outlives the trigger (no reference), goes with the file.
CREATE TABLE trigger_firings (
  seq         INTEGER PRIMARY KEY,
  trigger_seq INTEGER NOT NULL,
  file_seq    INTEGER NOT NULL REFERENCES files (seq) ON DELETE CASCADE,
  version     INTEGER NOT NULL,
  event       TEXT NOT NULL CHECK (event IN ('upload', 'update', 'access')),
  state       TEXT NOT NULL CHECK (state IN ('fired', 'waits-for-type', 'skipped')),
  reason      TEXT,
  tasks       INTEGER NOT NULL DEFAULT 0,
  at          INTEGER NOT NULL,
  waiting     TEXT CHECK (waiting IS NULL OR json_valid(waiting)),   -- under what it was planned
  UNIQUE (file_seq, version, event, trigger_seq),
  CHECK ((waiting IS NOT NULL) = (state = 'waits-for-type'))
) STRICT;
CREATE INDEX trigger_firings_of_trigger ON trigger_firings (trigger_seq, seq);
CREATE INDEX trigger_firings_waiting ON trigger_firings (file_seq, version) WHERE state = 'waits-for-type';

-- The task that finds a file's type has ended, however it did.
CREATE TRIGGER firings_typed AFTER UPDATE OF finished_at ON tasks
WHEN NEW.finished_at IS NOT NULL AND OLD.finished_at IS NULL AND NEW.file_seq IS NOT NULL
 AND EXISTS (SELECT 1 FROM trigger_firings WHERE file_seq = NEW.file_seq AND state = 'waits-for-type')
 AND EXISTS (SELECT 1 FROM task_types WHERE seq = NEW.type_seq AND name = 'mimetype') BEGIN
  INSERT INTO happenings (at, kind, owner_seq, ref, detail)
  VALUES (NEW.finished_at, 'trigger.typed', NEW.owner_seq, NEW.file_seq, NEW.inputs ->> '$[0].version');
END;

-- A job that is fed page by page has room for more: at the half of what it may have open.
CREATE TRIGGER jobs_hungry AFTER UPDATE OF open ON jobs
WHEN NEW.fed_at IS NULL AND NEW.state = 'feeding' AND NEW.open < OLD.open AND NEW.open IN (0, 250, 2500) BEGIN
  INSERT INTO happenings (at, kind, owner_seq, ref)
  VALUES (CAST(unixepoch('subsec') * 1000 AS INTEGER), 'job.hungry', NEW.owner_seq, NEW.seq);
END;
`;
