/** Machines that may do work, and the tokens by which new ones join. */
export const sql = `
CREATE TABLE node_tokens (
  id         TEXT PRIMARY KEY,
  hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  queues     TEXT CHECK (queues IS NULL OR json_valid(queues)),   -- null: any queue
  uses_left  INTEGER NOT NULL CHECK (uses_left >= 0),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE nodes (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  public_key      BLOB NOT NULL UNIQUE CHECK (length(public_key) = 32),    -- raw Ed25519
  token_id        TEXT NOT NULL,                                           -- by which it joined; the token may be gone
  allowed_queues  TEXT CHECK (allowed_queues IS NULL OR json_valid(allowed_queues)),
  capabilities    TEXT CHECK (capabilities IS NULL OR json_valid(capabilities)),   -- as last declared
  queues          TEXT CHECK (queues IS NULL OR json_valid(queues)),
  concurrency     INTEGER NOT NULL DEFAULT 1 CHECK (concurrency BETWEEN 1 AND 1024),
  set_concurrency INTEGER CHECK (set_concurrency BETWEEN 1 AND 1024),      -- an administrator's word goes before the node's own
  created_at      INTEGER NOT NULL,
  last_seen_at    INTEGER,
  cordoned_at     INTEGER,
  draining_at     INTEGER,
  suspect_at      INTEGER,
  steer_reason    TEXT,                                                    -- why it was cordoned or is to drain
  steer_until     INTEGER,                                                 -- then it takes work again by itself
  steered_by      TEXT,                                                    -- public id of who said so last
  steered_at      INTEGER,
  policy          TEXT CHECK (policy IS NULL OR json_valid(policy)),       -- which tasks it takes; null: any that it can run
  set_labels      TEXT CHECK (set_labels IS NULL OR json_valid(set_labels)),   -- an administrator's; null: those it declares
  revoked_at      INTEGER,
  forgotten_at    INTEGER,                                                 -- in no list any more; its name stays for what it ran
  CHECK (forgotten_at IS NULL OR revoked_at IS NOT NULL)
) STRICT, WITHOUT ROWID;

-- A revoked node keeps its row, for the history of what it ran, but not its name.
CREATE UNIQUE INDEX nodes_by_name ON nodes (name) WHERE revoked_at IS NULL;
`;
