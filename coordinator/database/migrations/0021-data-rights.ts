/** People who are gone, or are being deleted: what was used stays under their number, and this says whose id that was. */
export const sql = `
CREATE TABLE deleted_people (
  user_seq   INTEGER PRIMARY KEY,
  user_id    TEXT NOT NULL UNIQUE,
  begun_at   INTEGER NOT NULL,
  begun_by   INTEGER NOT NULL,                    -- seq of the audit entry with which it began
  done_at    INTEGER                              -- null: it goes on at the next start
) STRICT;
`;
