/** What people are told without having asked. */
export const sql = `
CREATE TABLE notices (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  id        TEXT NOT NULL UNIQUE,
  owner_seq INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  kind      TEXT NOT NULL CHECK (kind IN ('job-done', 'job-failed', 'task-failed', 'result-unfiled', 'schedule-paused', 'source-stopped',
                                            'content-damaged', 'health', 'budget', 'account')),
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
CREATE TRIGGER tasks_told AFTER UPDATE OF finished_at ON tasks
WHEN NEW.job_seq IS NULL AND NEW.state IN ('failed', 'quarantined', 'expired') AND OLD.finished_at IS NULL BEGIN
  INSERT INTO happenings (at, kind, owner_seq, ref) VALUES (NEW.finished_at, 'task.ended', NEW.owner_seq, NEW.seq);
END;

-- Who else is told, over HTTP. The signing key is a secret of the owner.
CREATE TABLE webhooks (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  owner_seq  INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  url        TEXT NOT NULL,
  key_seq    INTEGER NOT NULL REFERENCES secrets (seq),
  events     TEXT NOT NULL CHECK (json_valid(events)),
  state      TEXT NOT NULL CHECK (state IN ('active', 'paused')),
  reason     TEXT,                                -- why it is paused
  failures   INTEGER NOT NULL DEFAULT 0,          -- deliveries given up in a row
  dropped    INTEGER NOT NULL DEFAULT 0,          -- not even tried: too many waited
  created_at INTEGER NOT NULL,
  UNIQUE (owner_seq, name_key)
) STRICT;
CREATE INDEX webhooks_of_key ON webhooks (key_seq);
CREATE TABLE webhook_deliveries (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  webhook_seq INTEGER NOT NULL REFERENCES webhooks (seq) ON DELETE CASCADE,
  event       TEXT NOT NULL,
  body        TEXT NOT NULL,                      -- as it is sent, each time the same
  state       TEXT NOT NULL CHECK (state IN ('due', 'delivered', 'gave-up')),
  tries       INTEGER NOT NULL DEFAULT 0,
  next_at     INTEGER,
  status      INTEGER,                            -- of the last answer
  error       TEXT,                               -- of the last try
  created_at  INTEGER NOT NULL,
  CHECK ((state = 'due') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_seq, next_at) WHERE state = 'due';
CREATE INDEX webhook_deliveries_over ON webhook_deliveries (created_at) WHERE state <> 'due';
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_seq, seq);
`;
