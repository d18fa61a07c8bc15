/** From this size on the checkpointer copies the WAL back; above the hard limit the writer itself waits for it. Bytes. */
export const WAL_SOFT_LIMIT = 16 * 1024 * 1024;
export const WAL_HARD_LIMIT = 64 * 1024 * 1024;

/** Where SQLite keeps the log of a database. */
export const walOf = (file: string): string => `${file}-wal`;
