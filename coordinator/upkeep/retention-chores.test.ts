import { expect, test } from 'vitest';
import { retentionChores } from './retention-chores.ts';

const DAY_MS = 86_400_000;
const NONE = { trashDays: 0, logDays: 0, taskDays: 0, versionDays: 0, versionCount: 0, usageMonths: 0 };
const signal = new AbortController().signal;

const forgetters = (told: unknown[]) => ({
	trash: async (keptMs: number) => told.push(['trash', keptMs]),
	logs: async (keptMs: number) => String(told.push(['logs', keptMs])),
	tasks: async (keptMs: number) => String(told.push(['tasks', keptMs])),
	versions: async (kept: unknown) => String(told.push(['versions', kept])),
	usage: async (months: number) => String(told.push(['usage', months])),
});

test('nothing is forgotten or destroyed when every setting is 0', () => {
	expect(retentionChores(NONE, forgetters([]))).toEqual([]);
});

test('what a setting names is a chore that says how long it is kept', async () => {
	const told: unknown[] = [];
	const all = { trashDays: 30, logDays: 60, taskDays: 90, versionDays: 30, versionCount: 5, usageMonths: 24 };
	const chores = retentionChores(all, forgetters(told));
	expect(chores.map(({ name, what }) => `${name}: ${what}`)).toEqual([
		'empty-trash: destroy what has been in the trash for more than 30 days (--trash-days)',
		'forget-logs: forget the logs of tasks that ended more than 60 days ago (--log-days)',
		'forget-tasks: forget tasks and jobs that ended more than 90 days ago (--task-days)',
		'forget-versions: forget old versions of files: replaced more than 30 days ago (--version-days), more than 5 of a file (--version-count)',
		'forget-usage: forget records of usage from more than 24 months before this one; sums stay (--usage-months)',
	]);
	for (const { run } of chores) await run(signal);
	for (const { run } of retentionChores({ ...NONE, versionCount: 2 }, forgetters(told))) await run(signal);
	expect(told).toEqual([
		['trash', 30 * DAY_MS],
		['logs', 60 * DAY_MS],
		['tasks', 90 * DAY_MS],
		['versions', { keptMs: 30 * DAY_MS, most: 5 }],
		['usage', 24],
		['versions', { keptMs: null, most: 2 }],
	]);
});
