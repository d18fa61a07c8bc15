/** By which server alerts go by mail, and the mails that are still to go. */
export const sql = `
-- One row at most. The password is sealed by the key that is not in here.
CREATE TABLE mail (
  one           INTEGER PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  version       INTEGER NOT NULL CHECK (version >= 1),
  host          TEXT NOT NULL,
  port          INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  tls           TEXT NOT NULL CHECK (tls IN ('starttls', 'implicit', 'none')),
  username      TEXT,
  key_id        TEXT,
  nonce         BLOB CHECK (length(nonce) = 12),
  sealed        BLOB CHECK (length(sealed) BETWEEN 17 AND 8208),
  sender        TEXT NOT NULL,
  recipients    TEXT NOT NULL CHECK (json_valid(recipients)),
  ca            TEXT,                             -- PEM; null: what the machine trusts
  last_sent_at  INTEGER,
  failing_since INTEGER,                          -- null: the last one was taken
  error         TEXT,                             -- of the last try
  dropped       INTEGER NOT NULL DEFAULT 0,       -- not even kept: too many waited
  CHECK ((username IS NULL) = (sealed IS NULL) AND (sealed IS NULL) = (nonce IS NULL) AND (sealed IS NULL) = (key_id IS NULL))
) STRICT;

CREATE TABLE mails (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id TEXT NOT NULL UNIQUE,                -- the same at each try: who gets it twice sees that it is one
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('due', 'sent', 'gave-up')),
  tries      INTEGER NOT NULL DEFAULT 0,
  next_at    INTEGER,
  error      TEXT,                                -- of the last try
  created_at INTEGER NOT NULL,
  CHECK ((state = 'due') = (next_at IS NOT NULL))
) STRICT;
CREATE INDEX mails_due ON mails (next_at) WHERE state = 'due';
CREATE INDEX mails_over ON mails (created_at) WHERE state <> 'due';
`;
