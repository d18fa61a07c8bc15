import type { Ledger } from '../database/ledger.ts';
import { forgetLogs } from '../queue/forget-logs-store.ts';

/** Removes the logs of tasks that ended before the instant, step by step; says of how many. */
export const forgetOldLogs = async (ledger: Ledger, endedBefore: number, signal: AbortSignal): Promise<string> => {
	let tasks = 0;
	let after: number | null = 0;
	while (after !== null && !signal.aborted) {
		const step: { next: number | null; tasks: number } = await ledger.write(
			forgetLogs,
			{ endedBefore, after },
			{ patient: true },
		);
		tasks += step.tasks;
		after = step.next;
	}
	return `the logs of ${tasks} tasks were forgotten`;
};
