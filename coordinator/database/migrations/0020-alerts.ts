/** What administrators were told last of each check, so that a restart tells nothing twice. */
export const sql = `
CREATE TABLE alerts (
  name    TEXT PRIMARY KEY,
  told    TEXT NOT NULL CHECK (told IN ('ok', 'warn', 'fail')),
  told_at INTEGER NOT NULL
) STRICT;
`;
