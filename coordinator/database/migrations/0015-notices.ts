/** What people are told without having asked. */
export const sql = `
CREATE TABLE notices (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  id        TEXT NOT NULL UNIQUE,
  owner_seq INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  kind      TEXT NOT NULL CHECK (kind IN ('job-done', 'job-failed', 'task-failed', 'schedule-paused')),
  fold_key  TEXT NOT NULL,                        -- the same again, while it is unread, raises count
  subject   TEXT,                                 -- public id of what it is about: the newest, when it stands for many
  title     TEXT NOT NULL,
  text      TEXT NOT NULL,
  count     INTEGER NOT NULL DEFAULT 1 CHECK (count >= 1),
  at        INTEGER NOT NULL,                     -- of the newest
  read_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX notices_unread ON notices (owner_seq, fold_key) WHERE read_at IS NULL;
CREATE INDEX notices_of_owner ON notices (owner_seq, seq);
CREATE INDEX notices_old ON notices (at);

-- A task that somebody submitted by itself. Of those that were asked for together the job tells.
CREATE TRIGGER tasks_told AFTER UPDATE OF state ON tasks
WHEN NEW.job_seq IS NULL AND NEW.state IN ('failed', 'quarantined', 'expired') AND OLD.finished_at IS NULL BEGIN
  INSERT INTO happenings (at, kind, owner_seq, ref) VALUES (NEW.finished_at, 'task.ended', NEW.owner_seq, NEW.seq);
END;
`;
