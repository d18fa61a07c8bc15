/** Exit codes of the agent's commands. */
export const EXIT = {
	ok: 0,
	failure: 1,
	usage: 2,
	/** The coordinator will not have this node: wrong or used-up token, revoked, other version. */
	refused: 3,
} as const;

/** The same for a person to read, at the end of a help text. */
export const EXIT_CODES = `Exit codes: 0 ended as told, 1 failure, 2 wrong usage or setting,
3 refused by the coordinator (token used up or wrong, node revoked or unknown, other protocol version).`;
