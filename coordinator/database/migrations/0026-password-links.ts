/** Links by which people choose a password of their own. */
export const sql = `
-- One a person: the next one voids it, and so does any new password.
CREATE TABLE password_links (
  user_seq   INTEGER PRIMARY KEY REFERENCES users (seq) ON DELETE CASCADE,
  hash       BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),   -- SHA-256 of the link's token
  purpose    TEXT NOT NULL CHECK (purpose IN ('invite', 'reset')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT;
`;
