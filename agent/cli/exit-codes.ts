/** Exit codes of the agent's commands. */
export const EXIT = {
	ok: 0,
	failure: 1,
	usage: 2,
	/** The coordinator will not have this node: wrong or used-up token, revoked, other version. */
	refused: 3,
} as const;
