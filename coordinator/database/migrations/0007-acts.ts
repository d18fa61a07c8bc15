/** What operators and administrators did to the line, the queues and the nodes: how far it went, and what was before. */
export const sql = `
CREATE TABLE acts (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  at          INTEGER NOT NULL,
  actor       TEXT NOT NULL,
  verb        TEXT NOT NULL,                      -- noun.verb, as audited
  object      TEXT NOT NULL,                      -- a queue's name, a node's id; of tasks: ids or filter, in words
  detail      TEXT NOT NULL CHECK (json_valid(detail)),
  before      TEXT CHECK (before IS NULL OR json_valid(before)),   -- of a queue or node: what it was
  matched     INTEGER NOT NULL,
  changed     INTEGER NOT NULL DEFAULT 0,
  skipped     INTEGER NOT NULL DEFAULT 0,
  noted       INTEGER NOT NULL DEFAULT 0,         -- rows of act_changes that were written for it
  finished_at INTEGER,                            -- null: under way, or cut by the end of the process
  undone_at   INTEGER,
  undone_by   TEXT
) STRICT;
CREATE INDEX acts_by_age ON acts (at);

-- What each task had before, so that the act can be undone.
CREATE TABLE act_changes (
  act_seq  INTEGER NOT NULL REFERENCES acts (seq) ON DELETE CASCADE,
  task_seq INTEGER NOT NULL,
  before   TEXT NOT NULL CHECK (json_valid(before)),
  PRIMARY KEY (act_seq, task_seq)
) STRICT, WITHOUT ROWID;
`;
