/** What people entrust to their tasks: sealed by a key that is not in here. */
export const sql = `
CREATE TABLE secrets (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  owner_seq  INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  key_id     TEXT NOT NULL,                       -- which key it was sealed by
  nonce      BLOB NOT NULL CHECK (length(nonce) = 12),
  sealed     BLOB NOT NULL CHECK (length(sealed) BETWEEN 17 AND 8208),
  version    INTEGER NOT NULL CHECK (version >= 1),
  created_at INTEGER NOT NULL,
  used_at    INTEGER,
  UNIQUE (owner_seq, name_key)
) STRICT;

-- Which tasks were given it. Written by the trigger alone, so that whoever makes tasks cannot forget it.
CREATE TABLE secret_uses (
  secret_seq INTEGER NOT NULL REFERENCES secrets (seq) ON DELETE CASCADE,
  task_seq   INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  PRIMARY KEY (secret_seq, task_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX secret_uses_of_task ON secret_uses (task_seq);
CREATE TRIGGER task_origins_given AFTER INSERT ON task_origins WHEN NEW.given IS NOT NULL BEGIN
  INSERT OR IGNORE INTO secret_uses (secret_seq, task_seq)
    SELECT secrets.seq, NEW.task_seq FROM json_each(NEW.given, '$.secrets') AS named JOIN secrets ON secrets.id = named.value
    WHERE secrets.owner_seq = (SELECT owner_seq FROM tasks WHERE seq = NEW.task_seq);
END;
`;
