/** What the scheduler was told and what it decided, in chunks; see docs/decisions/0014. */
export const sql = `
CREATE TABLE journal_chunks (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  epoch      INTEGER NOT NULL,                 -- one a start of the coordinator
  number     INTEGER NOT NULL,                 -- from 0 in its epoch; one that is missing was lost
  from_at    INTEGER NOT NULL,                 -- wall time of from_clock
  to_at      INTEGER NOT NULL,
  from_clock INTEGER NOT NULL,                 -- the scheduler's clock, from which the first event's step is
  events     INTEGER NOT NULL,
  lost       INTEGER NOT NULL,                 -- events that were lost just before it
  bytes      INTEGER NOT NULL,                 -- of the body
  body       BLOB NOT NULL,                    -- raw deflate
  UNIQUE (epoch, number)
) STRICT;

CREATE INDEX journal_chunks_by_time ON journal_chunks (to_at, bytes);
-- So that adding up what an epoch holds touches no body.
CREATE INDEX journal_chunks_by_epoch ON journal_chunks (epoch, number, from_at, to_at, events, bytes);
`;
