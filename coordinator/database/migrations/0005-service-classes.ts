/** Service classes, and to whom they are given. */
export const sql = `
CREATE TABLE service_classes (
  name       TEXT PRIMARY KEY,
  version    INTEGER NOT NULL CHECK (version >= 1),
  settings   TEXT NOT NULL CHECK (json_valid(settings)),   -- what is left out is plain
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Never changed; of each class the newest 200 are kept. A class that is made again after it was deleted goes on counting.
CREATE TABLE service_class_versions (
  name     TEXT NOT NULL,
  version  INTEGER NOT NULL CHECK (version >= 1),
  settings TEXT CHECK (settings IS NULL OR json_valid(settings)),   -- null: it was deleted
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  reason   TEXT NOT NULL,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

INSERT INTO service_classes VALUES
  ('standard', 1, '{"description":"Everybody who was given no other class"}', 0, 0),
  ('priority', 1, '{"description":"Goes before the standard class, with twice the share in its band","band":7,"weight":2}', 0, 0),
  ('background', 1, '{"description":"Only what nobody else can use","band":0,"idleOnly":true}', 0, 0),
  ('backfill', 1, '{"description":"Doing again what is there already: never before fresh work","band":0,"idleOnly":true}', 0, 0),
  ('hardware', 1, '{"description":"For work on special devices: two tasks of a person at a time, so that no one holds all of them","caps":{"runningPerUser":2}}', 0, 0);
INSERT INTO service_class_versions
  SELECT name, version, settings, created_at, 'system', 'there from the start' FROM service_classes;

CREATE TABLE groups (
  seq           INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  name          TEXT NOT NULL,
  name_key      TEXT NOT NULL UNIQUE,              -- NFKC, lower case
  version       INTEGER NOT NULL DEFAULT 1,
  parent_seq    INTEGER REFERENCES groups (seq),
  service_class TEXT REFERENCES service_classes (name),
  created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX groups_of_parent ON groups (parent_seq) WHERE parent_seq IS NOT NULL;
CREATE INDEX groups_of_class ON groups (service_class) WHERE service_class IS NOT NULL;

CREATE TABLE group_members (
  group_seq INTEGER NOT NULL REFERENCES groups (seq) ON DELETE CASCADE,
  user_seq  INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  PRIMARY KEY (group_seq, user_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_members_of_user ON group_members (user_seq);

-- Whether a class is in use is asked of a million open tasks.
CREATE INDEX users_of_class ON users (service_class) WHERE service_class IS NOT NULL;
CREATE INDEX tasks_of_class ON tasks (service_class) WHERE service_class IS NOT NULL AND finished_at IS NULL;
`;
