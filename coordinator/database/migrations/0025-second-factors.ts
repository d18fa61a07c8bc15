/** Second factors of sign-ins (RFC 6238), what gets one in without, and which roles need one. */
export const sql = `
-- The secret is sealed by the key that is not in here.
CREATE TABLE second_factors (
  user_seq     INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  key_id       TEXT NOT NULL,
  nonce        BLOB NOT NULL CHECK (length(nonce) = 12),
  sealed       BLOB NOT NULL CHECK (length(sealed) BETWEEN 17 AND 8208),
  created_at   INTEGER NOT NULL,
  confirmed_at INTEGER,                          -- null: begun, and counts for nothing yet
  last_step    INTEGER NOT NULL DEFAULT 0        -- of 30 s since 1970: no code of this one or an earlier one is taken any more
) STRICT;

-- 75 random bits each, so a plain SHA-256 is enough; of code and person together.
CREATE TABLE recovery_codes (
  hash     BLOB PRIMARY KEY CHECK (length(hash) = 32),
  user_seq INTEGER NOT NULL REFERENCES second_factors (user_seq) ON DELETE CASCADE,
  used_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX recovery_codes_of_user ON recovery_codes (user_seq);

-- Roles whose sessions need a second factor.
CREATE TABLE second_factor_roles (
  role TEXT PRIMARY KEY CHECK (role IN ('user', 'operator', 'administrator'))
) STRICT, WITHOUT ROWID;
`;
