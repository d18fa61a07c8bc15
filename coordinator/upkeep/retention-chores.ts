import type { Chore } from './chores.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** For how long what is kept; 0: for ever. */
export interface Retention {
	taskDays: number;
	versionDays: number;
	/** Older versions of a file. */
	versionCount: number;
	usageMonths: number;
}

/** Each forgets what is old, a page at a time, and says what went. */
export interface Forgetters {
	tasks: (keptMs: number, signal: AbortSignal) => Promise<string>;
	/** Null: without end. */
	versions: (kept: { keptMs: number | null; most: number | null }, signal: AbortSignal) => Promise<string>;
	usage: (months: number, signal: AbortSignal) => Promise<string>;
}

/** What is forgotten by its age or number, as far as the settings say. One that is cut goes on where it was. */
export const retentionChores = (kept: Retention, forget: Forgetters): Chore[] => {
	const { taskDays, versionDays, versionCount, usageMonths } = kept;
	const chores: Chore[] = [];
	const add = (name: string, what: string, run: (signal: AbortSignal) => Promise<string>): void => {
		chores.push({ name, what, everyMs: HOUR_MS, run });
	};
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
