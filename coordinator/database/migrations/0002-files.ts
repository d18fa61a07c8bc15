/** People's files. Content is a blob addressed by its SHA-256; a file is a name for versions of content. */
export const sql = `
CREATE TABLE blobs (
  seq        INTEGER PRIMARY KEY,
  sha256     BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  size       INTEGER NOT NULL CHECK (size >= 0),
  -- How many rows of file_versions (content, thumbnail) and task_outputs point here; 0 means the sweep may take it.
  refs       INTEGER NOT NULL CHECK (refs >= 0),
  idle_since INTEGER                              -- when refs became 0
) STRICT;
CREATE INDEX blobs_idle ON blobs (idle_since) WHERE refs = 0;

-- The root of a person's tree has no row: parent_seq and folder_seq 0 mean the root.
CREATE TABLE folders (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  owner_seq  INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  parent_seq INTEGER NOT NULL,
  name       TEXT NOT NULL CHECK (name <> '' AND length(CAST(name AS BLOB)) <= 255),
  created_at INTEGER NOT NULL,
  trashed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX folders_by_name ON folders (owner_seq, parent_seq, name) WHERE trashed_at IS NULL;
CREATE INDEX folders_trash ON folders (owner_seq, trashed_at) WHERE trashed_at IS NOT NULL;

CREATE TABLE files (
  seq         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  owner_seq   INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  folder_seq  INTEGER NOT NULL,
  name        TEXT NOT NULL CHECK (name <> '' AND length(CAST(name AS BLOB)) <= 255),
  version     INTEGER NOT NULL CHECK (version >= 1),   -- number of the newest version
  revision    INTEGER NOT NULL DEFAULT 1,              -- raised by every change of the row, its facts or its name
  created_at  INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  trashed_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX files_by_name ON files (owner_seq, folder_seq, name) WHERE trashed_at IS NULL;
CREATE INDEX files_trash ON files (owner_seq, trashed_at) WHERE trashed_at IS NOT NULL;

CREATE TABLE file_versions (
  file_seq           INTEGER NOT NULL REFERENCES files (seq) ON DELETE CASCADE,
  number             INTEGER NOT NULL CHECK (number >= 1),
  blob_seq           INTEGER NOT NULL REFERENCES blobs (seq),
  thumbnail_blob_seq INTEGER REFERENCES blobs (seq),
  thumbnail_type     TEXT,
  created_at         INTEGER NOT NULL,
  created_by         INTEGER NOT NULL,
  facts              TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
  PRIMARY KEY (file_seq, number)
) STRICT, WITHOUT ROWID;
`;
