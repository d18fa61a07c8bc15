/** What the network drive keeps beside files: locks, and properties that clients give. */
export const sql = `
-- A lock is on a path, not on a file: it does not move with what is there (RFC 4918, 7.5). Live while expires_at is to come.
CREATE TABLE drive_locks (
  token        TEXT PRIMARY KEY,
  owner_seq    INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  path         TEXT NOT NULL,                                           -- in the owner's tree: / or /a/b
  is_exclusive INTEGER NOT NULL CHECK (is_exclusive IN (0, 1)),
  is_deep      INTEGER NOT NULL CHECK (is_deep IN (0, 1)),              -- also on everything below
  holder       TEXT,                                                    -- XML, as the client describes itself
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX drive_locks_by_path ON drive_locks (owner_seq, path);
CREATE INDEX drive_locks_expired ON drive_locks (expires_at);

-- What clients keep with an entry and nobody here understands. It goes where the entry goes.
CREATE TABLE drive_properties (
  seq        INTEGER PRIMARY KEY,
  owner_seq  INTEGER NOT NULL,                                          -- of the entry
  file_seq   INTEGER REFERENCES files (seq) ON DELETE CASCADE,
  folder_seq INTEGER REFERENCES folders (seq) ON DELETE CASCADE,
  namespace  TEXT NOT NULL,
  name       TEXT NOT NULL,
  value      TEXT NOT NULL,                                             -- XML with its own declarations of namespaces
  CHECK ((file_seq IS NULL) <> (folder_seq IS NULL)),
  UNIQUE (file_seq, namespace, name),
  UNIQUE (folder_seq, namespace, name)
) STRICT;
CREATE INDEX drive_properties_of_owner ON drive_properties (owner_seq);

-- What each person's take: no class limits them, and the ledger keeps them. Kept by the triggers below, however they go.
CREATE TABLE drive_property_use (
  owner_seq INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  bytes     INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;
CREATE TRIGGER drive_properties_more AFTER INSERT ON drive_properties BEGIN
  INSERT INTO drive_property_use VALUES (NEW.owner_seq, octet_length(NEW.namespace) + octet_length(NEW.name) + octet_length(NEW.value))
  ON CONFLICT (owner_seq) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER drive_properties_changed AFTER UPDATE OF value ON drive_properties BEGIN
  UPDATE drive_property_use SET bytes = bytes + octet_length(NEW.value) - octet_length(OLD.value) WHERE owner_seq = NEW.owner_seq;
END;
CREATE TRIGGER drive_properties_less AFTER DELETE ON drive_properties BEGIN
  UPDATE drive_property_use SET bytes = bytes - octet_length(OLD.namespace) - octet_length(OLD.name) - octet_length(OLD.value)
  WHERE owner_seq = OLD.owner_seq;
END;
`;
