/** Files of which the newest content has come while a client of the drive was not done with them. */
export const sql = `
-- What such an upload starts waits until due_at, and is looked at again then. event: of what came while it waited.
CREATE TABLE unsettled_files (
  file_seq   INTEGER PRIMARY KEY REFERENCES files (seq) ON DELETE CASCADE,
  owner_seq  INTEGER NOT NULL,                    -- of the file
  event      TEXT NOT NULL CHECK (event IN ('upload', 'update')),
  media_type TEXT,                                -- as the first bytes say
  is_sniffed INTEGER NOT NULL CHECK (is_sniffed IN (0, 1)), -- the first bytes were looked at
  came_from  TEXT,                                -- the path that it was moved from; NULL: none that counts
  due_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX unsettled_files_due ON unsettled_files (due_at);
CREATE INDEX unsettled_files_of_owner ON unsettled_files (owner_seq);
`;
