/** People, how they prove who they are, and the audit log. Times are milliseconds since 1970. */
export const sql = `
-- AUTOINCREMENT: what was used is kept under the seq when the person is gone, so it must never mean somebody else.
CREATE TABLE users (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,
  username      TEXT NOT NULL,
  username_key  TEXT NOT NULL UNIQUE,            -- NFKC, lower case: names that look alike collide
  password_hash TEXT NOT NULL,                   -- argon2id, PHC string
  role          TEXT NOT NULL CHECK (role IN ('user', 'operator', 'administrator')),
  service_class TEXT,                            -- null: by group, else the standard one
  created_at    INTEGER NOT NULL,
  disabled_at   INTEGER,
  last_seen_at  INTEGER,                         -- to the minute, by any session or credential
  revision      INTEGER NOT NULL DEFAULT 0       -- the highest of all users after each change of rights or password
) STRICT;
CREATE INDEX users_by_revision ON users (revision);

CREATE TABLE sessions (
  hash         BLOB PRIMARY KEY CHECK (length(hash) = 32),   -- SHA-256 of the cookie's token
  id           TEXT NOT NULL UNIQUE,
  user_seq     INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,                 -- absolute end, whatever the use
  confirmed_at INTEGER NOT NULL,                 -- when its person last showed the password
  address      TEXT NOT NULL,
  user_agent   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_seq);

-- API tokens and app passwords: high entropy, so a plain SHA-256 is enough.
CREATE TABLE credentials (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('token', 'app-password')),
  user_seq     INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  hash         BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  scopes       TEXT CHECK (scopes IS NULL OR json_valid(scopes)),   -- null: all that the owner's role allows
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER,
  last_used_at INTEGER,
  revoked_at   INTEGER
) STRICT;
CREATE INDEX credentials_of_user ON credentials (user_seq, kind);

CREATE TABLE setup_tokens (
  hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT, WITHOUT ROWID;

-- Append-only; each row's hash covers the row and the hash before it. AUTOINCREMENT never gives a number twice, so that
-- rows cut from the end leave a gap too. What may tell of a person (address, detail, an object that is no id) is in the
-- hash by its salted digest only: when the person is deleted it is blanked with its salt, and the chain still holds.
CREATE TABLE audit_log (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  action     TEXT NOT NULL,
  object     TEXT NOT NULL,
  outcome    TEXT NOT NULL CHECK (outcome IN ('done', 'refused')),
  address    TEXT NOT NULL,
  detail     TEXT NOT NULL CHECK (json_valid(detail)),
  salt       BLOB CHECK (length(salt) = 16),          -- null: blanked
  digest     BLOB NOT NULL CHECK (length(digest) = 32),
  blanked_by INTEGER,                                 -- seq of the entry that tells of the deletion
  previous   BLOB NOT NULL CHECK (length(previous) = 32),
  hash       BLOB NOT NULL CHECK (length(hash) = 32),
  CHECK ((salt IS NULL) = (blanked_by IS NOT NULL))
) STRICT;
CREATE INDEX audit_by_actor ON audit_log (actor);
CREATE INDEX audit_by_object ON audit_log (object);
CREATE INDEX audit_by_time ON audit_log (at);
`;
