/** What became of tasks' outputs as files, and how each version that a task made was made. */
export const sql = `
-- Where an output went. unfiled: it stays with its task only, for the reason given.
CREATE TABLE filings (
  task_seq INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  name     TEXT NOT NULL,                         -- of the output
  state    TEXT NOT NULL CHECK (state IN ('filed', 'unfiled')),
  file_seq INTEGER,                               -- no reference: the file may be destroyed, the filing was
  version  INTEGER,
  reason   TEXT,
  at       INTEGER NOT NULL,
  PRIMARY KEY (task_seq, name),
  CHECK ((state = 'filed') = (file_seq IS NOT NULL AND version IS NOT NULL)),
  CHECK ((state = 'unfiled') = (reason IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- How a version of a file was made. It says all itself: the task, the node and the recipe may be forgotten one day.
CREATE TABLE provenance (
  file_seq       INTEGER NOT NULL REFERENCES files (seq) ON DELETE CASCADE,
  version        INTEGER NOT NULL,
  owner_seq      INTEGER NOT NULL,                -- of the file
  at             INTEGER NOT NULL,                -- when it was done
  task_seq       INTEGER,
  job_seq        INTEGER,
  output         TEXT NOT NULL,
  recipe         TEXT,                            -- public id
  recipe_version INTEGER,
  step           INTEGER,
  type           TEXT NOT NULL,
  first_input    TEXT,                            -- public id of the file that was worked on, or of the dataset with the path in it
  lineage        TEXT NOT NULL CHECK (json_valid(lineage)),
  record         TEXT NOT NULL CHECK (json_valid(record)),
  PRIMARY KEY (file_seq, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX provenance_of_task ON provenance (task_seq);
CREATE INDEX provenance_of_owner ON provenance (owner_seq, at);
CREATE INDEX provenance_of_job ON provenance (job_seq, at) WHERE job_seq IS NOT NULL;
`;
