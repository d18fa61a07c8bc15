/** People's files. Content is a blob addressed by its SHA-256; a file is a name for versions of content. */
export const sql = `
CREATE TABLE blobs (
  seq        INTEGER PRIMARY KEY,
  sha256     BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  size       INTEGER NOT NULL CHECK (size >= 0),
  -- How many rows of file_versions (content, thumbnail), task_outputs and dataset_entries point here; 0 means the sweep may take it.
  refs       INTEGER NOT NULL CHECK (refs >= 0),
  idle_since INTEGER                              -- when refs became 0
) STRICT;
CREATE INDEX blobs_idle ON blobs (idle_since) WHERE refs = 0;

-- The root of a person's tree has no row: parent_seq and folder_seq 0 mean the root.
-- AUTOINCREMENT: tasks and the trash remember a seq after its row is gone, so it must never mean another row.
CREATE TABLE folders (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  owner_seq    INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  parent_seq   INTEGER NOT NULL,
  name         TEXT NOT NULL CHECK (name <> '' AND length(CAST(name AS BLOB)) <= 255),
  revision     INTEGER NOT NULL DEFAULT 1,             -- raised when the folder is moved, trashed or restored
  created_at   INTEGER NOT NULL,
  -- In the trash are a folder or file itself and, with it, all that is below. trashed_from: the path that it had.
  trashed_at   INTEGER,
  trashed_from TEXT,
  CHECK ((trashed_at IS NULL) = (trashed_from IS NULL))
) STRICT;
CREATE UNIQUE INDEX folders_by_name ON folders (owner_seq, parent_seq, name) WHERE trashed_at IS NULL;
CREATE INDEX folders_trash ON folders (owner_seq, trashed_at, seq) WHERE trashed_at IS NOT NULL;
CREATE INDEX folders_trashed_in ON folders (parent_seq) WHERE trashed_at IS NOT NULL;

CREATE TABLE files (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  owner_seq    INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  folder_seq   INTEGER NOT NULL,
  name         TEXT NOT NULL CHECK (name <> '' AND length(CAST(name AS BLOB)) <= 255),
  version      INTEGER NOT NULL CHECK (version >= 1),   -- number of the newest version
  revision     INTEGER NOT NULL DEFAULT 1,              -- raised by every change of the row, its facts or its name
  created_at   INTEGER NOT NULL,
  modified_at  INTEGER NOT NULL,
  trashed_at   INTEGER,
  trashed_from TEXT,
  CHECK ((trashed_at IS NULL) = (trashed_from IS NULL))
) STRICT;
CREATE UNIQUE INDEX files_by_name ON files (owner_seq, folder_seq, name) WHERE trashed_at IS NULL;
CREATE INDEX files_trash ON files (owner_seq, trashed_at, seq) WHERE trashed_at IS NOT NULL;
CREATE INDEX files_trashed_in ON files (folder_seq) WHERE trashed_at IS NOT NULL;

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
CREATE INDEX file_versions_of_blob ON file_versions (blob_seq);
CREATE INDEX file_versions_of_thumbnail ON file_versions (thumbnail_blob_seq) WHERE thumbnail_blob_seq IS NOT NULL;

-- However a version goes (destroyed, or with its owner), its references go with it.
CREATE TRIGGER file_versions_release AFTER DELETE ON file_versions BEGIN
  UPDATE blobs SET refs = refs - 1, idle_since = iif(refs = 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), NULL)
  WHERE seq = OLD.blob_seq;
  UPDATE blobs SET refs = refs - 1, idle_since = iif(refs = 1, CAST(unixepoch('subsec') * 1000 AS INTEGER), NULL)
  WHERE seq = OLD.thumbnail_blob_seq;
END;

-- What each person's files take: every version counts in full, in the trash too. Kept by the triggers below, whoever
-- changes files and however, so that a quota costs one look-up.
CREATE TABLE storage_use (
  owner_seq INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  files     INTEGER NOT NULL CHECK (files >= 0),
  versions  INTEGER NOT NULL CHECK (versions >= 0),
  bytes     INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;
CREATE TRIGGER files_used AFTER INSERT ON files BEGIN
  INSERT INTO storage_use VALUES (NEW.owner_seq, 1, 0, 0) ON CONFLICT (owner_seq) DO UPDATE SET files = files + 1;
END;
CREATE TRIGGER file_versions_used AFTER INSERT ON file_versions BEGIN
  UPDATE storage_use SET versions = versions + 1, bytes = bytes + (SELECT size FROM blobs WHERE seq = NEW.blob_seq)
  WHERE owner_seq = (SELECT owner_seq FROM files WHERE seq = NEW.file_seq);
END;
-- Before: its versions go after the file, and then it is not known any more whose they were.
CREATE TRIGGER files_unused BEFORE DELETE ON files BEGIN
  UPDATE storage_use SET files = files - 1,
    versions = versions - (SELECT count(*) FROM file_versions WHERE file_seq = OLD.seq),
    bytes = bytes - (SELECT coalesce(sum(b.size), 0) FROM file_versions v JOIN blobs b ON b.seq = v.blob_seq
                     WHERE v.file_seq = OLD.seq)
  WHERE owner_seq = OLD.owner_seq;
END;
-- One that goes with its file is counted there.
CREATE TRIGGER file_versions_unused AFTER DELETE ON file_versions BEGIN
  UPDATE storage_use SET versions = versions - 1, bytes = bytes - (SELECT size FROM blobs WHERE seq = OLD.blob_seq)
  WHERE owner_seq = (SELECT owner_seq FROM files WHERE seq = OLD.file_seq);
END;
`;
