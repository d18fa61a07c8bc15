import type { Chore } from './chores.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** For how long what is kept; 0: for ever. */
export interface Retention {
	trashDays: number;
	logDays: number;
	taskDays: number;
	versionDays: number;
	/** Older versions of a file. */
	versionCount: number;
	usageMonths: number;
}

/** Each forgets what is old, a page at a time, and says what went. */
export interface Forgetters {
	trash: (keptMs: number) => Promise<unknown>;
	logs: (keptMs: number, signal: AbortSignal) => Promise<string>;
	tasks: (keptMs: number, signal: AbortSignal) => Promise<string>;
	/** Null: without end. */
	versions: (kept: { keptMs: number | null; most: number | null }, signal: AbortSignal) => Promise<string>;
	usage: (months: number, signal: AbortSignal) => Promise<string>;
}

/** What is forgotten by its age or number, as far as the settings say. One that is cut goes on where it was. */
export const retentionChores = (kept: Retention, forget: Forgetters): Chore[] => {
	const { trashDays, logDays, taskDays, versionDays, versionCount, usageMonths } = kept;
	const chores: Chore[] = [];
	const add = (name: string, what: string, run: Chore['run']): void => {
		chores.push({ name, what, everyMs: HOUR_MS, run });
	};
	if (trashDays > 0) {
		const what = `destroy what has been in the trash for more than ${trashDays} days (--trash-days)`;
		add('empty-trash', what, async () => void (await forget.trash(trashDays * DAY_MS)));
	}
	if (logDays > 0) {
		const what = `forget the logs of tasks that ended more than ${logDays} days ago (--log-days)`;
		add('forget-logs', what, (signal) => forget.logs(logDays * DAY_MS, signal));
	}
	if (taskDays > 0) {
		const what = `forget tasks and jobs that ended more than ${taskDays} days ago (--task-days)`;
		add('forget-tasks', what, (signal) => forget.tasks(taskDays * DAY_MS, signal));
	}
	if (versionDays > 0 || versionCount > 0) {
		const age = versionDays === 0 ? [] : [`replaced more than ${versionDays} days ago (--version-days)`];
		const number = versionCount === 0 ? [] : [`more than ${versionCount} of a file (--version-count)`];
		const limits = {
			keptMs: versionDays === 0 ? null : versionDays * DAY_MS,
			most: versionCount === 0 ? null : versionCount,
		};
		const what = `forget old versions of files: ${[...age, ...number].join(', ')}`;
		add('forget-versions', what, (signal) => forget.versions(limits, signal));
	}
	if (usageMonths > 0) {
		const what = `forget records of usage from more than ${usageMonths} months before this one; sums stay (--usage-months)`;
		add('forget-usage', what, (signal) => forget.usage(usageMonths, signal));
	}
	return chores;
};
