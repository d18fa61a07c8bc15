/** Exit codes of the coordinator's commands. */
export const EXIT = {
	ok: 0,
	failure: 1,
	usage: 2,
	/** The disk or the database cannot be used, or failed while running; start it again when that is mended. */
	fatal: 70,
} as const;
