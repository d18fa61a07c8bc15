/** Which installation this is, its backups, what its chores last came to, and content that was found damaged. */
export const sql = `
-- One row. A restore raises the generation: what was running under an earlier one is void.
CREATE TABLE installation (
  one        INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  id         TEXT NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO installation (id) VALUES (lower(hex(randomblob(16))));

-- While one of these has not run out, no content is removed: somebody, of whatever process, copies what a ledger names.
CREATE TABLE blob_pins (
  id         TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Backups that were tried and how they ended; the newest only. What can be restored is told by their folder.
CREATE TABLE backup_runs (
  seq          INTEGER PRIMARY KEY,
  folder       TEXT NOT NULL,
  backup       TEXT,                              -- its name in the folder; null: there is none
  started_at   INTEGER NOT NULL,
  finished_at  INTEGER NOT NULL,
  error        TEXT,
  blobs        INTEGER NOT NULL DEFAULT 0,        -- all that belong to it
  bytes        INTEGER NOT NULL DEFAULT 0,
  copied_blobs INTEGER NOT NULL DEFAULT 0,        -- that were not in the folder already
  copied_bytes INTEGER NOT NULL DEFAULT 0,
  missing      INTEGER NOT NULL DEFAULT 0,        -- content that was lost before
  CHECK ((backup IS NULL) = (error IS NOT NULL))
) STRICT;

-- How each chore that is done once a minute or more rarely went last.
CREATE TABLE chore_runs (
  name        TEXT PRIMARY KEY,
  started_at  INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  failed      INTEGER NOT NULL CHECK (failed IN (0, 1)),
  words       TEXT
) STRICT, WITHOUT ROWID;

-- Content that was found damaged or gone when it was read again, until it is whole or nothing refers to it any more.
CREATE TABLE damaged_blobs (
  sha256   BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  found_at INTEGER NOT NULL,
  fault    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where reading everything again has come to. One row.
CREATE TABLE scrub (
  one        INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  after      BLOB NOT NULL DEFAULT x'',           -- the hash up to which this round has read
  begun_at   INTEGER,                             -- this round; null: none is under way
  ended_at   INTEGER,                             -- the last whole round
  blobs      INTEGER NOT NULL DEFAULT 0,          -- read in this round
  bytes      INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO scrub (one) VALUES (1);
`;
