/** Failures after which a source would only fail again, and what is to be done. */
const STOPPING = new Map([
	['x-token-refused', 'Then resume the source.'],
	['x-forbidden', 'Then resume the source.'],
	['feed-not-a-feed', 'Change its address, then resume the source.'],
	['address-refused', 'Change its address, or have whoever runs the nodes allow it; then resume the source.'],
]);

/** Why a source is to stop after such a failure, and what to do; null: it may go on. */
export const reasonToStop = (code: string | null, message: string | null): string | null => {
	const whatToDo = code === null ? undefined : STOPPING.get(code);
	return whatToDo === undefined ? null : `${message ?? code} ${whatToDo}`;
};

/**
 * What a task type says itself when it has got nothing: what it has got it keeps, and then it has succeeded. Anything
 * else (a lost node, time that ran out, a worker that died) may have come after items were read, and paid for.
 */
const GOT_NOTHING =
	/^(x-(token-refused|forbidden|usage-capped|query-refused|too-often|unavailable)|feed-not-a-feed|fetch-(refused|missing|status)|address-refused|egress-none|unreachable|secret-missing)$/;

export interface EndedAttempt {
	state: string;
	/** `code: words` of one that failed. */
	reason: string | null;
}

/** Whether attempts that came to nothing may have read items. */
export const mayHaveRead = (attempts: readonly EndedAttempt[]): boolean =>
	attempts.some(({ state, reason }) => state !== 'failed' || !GOT_NOTHING.test((reason ?? '').split(':', 1)[0] ?? ''));
