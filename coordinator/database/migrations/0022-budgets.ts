/** What may be spent in a month, what is set aside for work that has not ended, and what waits for room. */
export const sql = `
CREATE TABLE budgets (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  version         INTEGER NOT NULL DEFAULT 1,
  user_seq        INTEGER UNIQUE REFERENCES users (seq) ON DELETE CASCADE,
  group_seq       INTEGER UNIQUE REFERENCES groups (seq) ON DELETE CASCADE,
  service_class   TEXT UNIQUE REFERENCES service_classes (name) ON DELETE CASCADE,
  amount_micro    INTEGER NOT NULL CHECK (amount_micro >= 0),
  warn_at_percent INTEGER NOT NULL CHECK (warn_at_percent BETWEEN 1 AND 100),
  action          TEXT NOT NULL CHECK (action IN ('warn', 'hold', 'stop')),
  reserved_micro  INTEGER NOT NULL DEFAULT 0 CHECK (reserved_micro >= 0),   -- the sum of its reservations
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  CHECK ((user_seq IS NOT NULL) + (group_seq IS NOT NULL) + (service_class IS NOT NULL) = 1)
) STRICT;

-- What an open task is expected to cost, set aside in each budget that counts for it. No reference to the budget: to remove one
-- must not take as long as it has tasks; a number is never given twice, and what is left of it goes with its tasks.
CREATE TABLE budget_reservations (
  task_seq     INTEGER NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE,
  budget_seq   INTEGER NOT NULL,
  amount_micro INTEGER NOT NULL CHECK (amount_micro > 0),
  PRIMARY KEY (task_seq, budget_seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER budget_reservations_more AFTER INSERT ON budget_reservations BEGIN
  UPDATE budgets SET reserved_micro = reserved_micro + NEW.amount_micro WHERE seq = NEW.budget_seq;
END;
CREATE TRIGGER budget_reservations_less AFTER DELETE ON budget_reservations BEGIN
  UPDATE budgets SET reserved_micro = reserved_micro - OLD.amount_micro WHERE seq = OLD.budget_seq;
END;

-- Open tasks for which a budget has no room. Such a task is held; people may hold it on top of that.
CREATE TABLE budget_waits (
  owner_seq INTEGER NOT NULL,
  task_seq  INTEGER NOT NULL UNIQUE REFERENCES tasks (seq) ON DELETE CASCADE,
  reason    TEXT NOT NULL,                        -- which budget, in words
  PRIMARY KEY (owner_seq, task_seq)
) STRICT, WITHOUT ROWID;

-- However a task ends (its attempt came home, it was cancelled, it expired, what it waited for failed): what was set aside for it
-- is free, in the transaction that records what it has really cost.
CREATE TRIGGER tasks_unbudgeted AFTER UPDATE OF finished_at ON tasks
WHEN OLD.budgeted = 1 AND NEW.finished_at IS NOT NULL BEGIN
  DELETE FROM budget_reservations WHERE task_seq = NEW.seq;
  DELETE FROM budget_waits WHERE task_seq = NEW.seq;
  UPDATE tasks SET budgeted = 0 WHERE seq = NEW.seq;
END;

-- Who was told what about a budget in a month: once each.
CREATE TABLE budget_notices (
  budget_seq INTEGER NOT NULL REFERENCES budgets (seq) ON DELETE CASCADE,
  month      INTEGER NOT NULL,                    -- its first millisecond (UTC)
  what       TEXT NOT NULL CHECK (what IN ('near', 'full')),
  user_seq   INTEGER NOT NULL REFERENCES users (seq) ON DELETE CASCADE,
  PRIMARY KEY (budget_seq, month, what, user_seq)
) STRICT, WITHOUT ROWID;
-- What was told of a budget names whom it was for; it goes with the budget.
CREATE TRIGGER budgets_untold AFTER DELETE ON budgets BEGIN
  DELETE FROM notices WHERE kind = 'budget' AND subject = OLD.id;
END;
CREATE INDEX budget_notices_of_user ON budget_notices (user_seq);
`;
