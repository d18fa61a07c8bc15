import type { CoordinatorConfig } from '../config/coordinator-config.ts';
import type { HealthFacts } from '../health/facts.ts';
import type { Health } from '../health/health.ts';
import { codesIn } from './error-facts.ts';
import { redactedLog } from './log-lines.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Section } from './sections.ts';
import { settingsTold } from './settings-told.ts';

const HOUR_MS = 3_600_000;

const factsTold = (facts: HealthFacts, names: Pseudonyms): object => {
	const { now, ledger, nodes, queues, schedules, backup, chores, mail, disk, walBytes, certificateEndsAt, damaged } =
		facts;
	return {
		...{ now: new Date(now).toISOString(), disk, walBytes, certificateEndsAt, damaged },
		ledger: ledger.answers ? { answers: true } : { answers: false, codes: codesIn(ledger.why) },
		nodes: nodes.map(({ name, state, ...node }) => ({
			...{ node: names.of('node', name), state: names.word('state', state) },
			...node,
		})),
		queues: queues.map(({ name, pause, ...queue }) => ({
			...{ queue: names.of('queue', name), ...queue },
			pausedForMs: pause?.sinceMs ?? null,
		})),
		schedules: schedules.map(({ name, owner, ...how }) => ({
			...{ schedule: names.of('schedule', name), owner: names.of('person', owner) },
			...how,
		})),
		...(backup === undefined ? {} : { backup: { ...backup, why: backup.why === null ? null : codesIn(backup.why) } }),
		mail: mail && { ...mail, error: codesIn(mail.error ?? '') },
		chores: (chores ?? []).map(({ name, error }) => ({ name: names.word('chore', name), codes: codesIn(error) })),
	};
};

export const settingsSection = (config: CoordinatorConfig, whose: string): Section => ({
	file: 'settings.json',
	about: `settings of ${whose}; of addresses, paths and secrets only whether they are set`,
	gather: async (names) => settingsTold(config, (host) => names.of('host', host)),
});

/** `lines`: of a coordinator's log, oldest first. */
export const logSection = (lines: () => Promise<readonly string[]>): Section => ({
	file: 'log.ndjson',
	about: 'the newest lines of the log: times, messages, numbers, and where errors came from',
	gather: async (names) => redactedLog(await lines(), names),
});

/** `read` gives the points of the coordinator's own history in a time. */
export const historySection = (
	read: (from: number, to: number, resolution: 'hour' | 'minute') => Promise<object>,
): Section => ({
	file: 'history.json',
	about: 'how the coordinator was: by the hour for a week, by the minute for three hours',
	async gather() {
		const now = Date.now();
		const week = await read(now - 168 * HOUR_MS, now, 'hour');
		return `${JSON.stringify({ week, lately: await read(now - 3 * HOUR_MS, now, 'minute') })}\n`;
	},
});

/** What only a coordinator that runs can tell. */
export const liveSections = (parts: {
	health: Pick<Health, 'look' | 'lastFacts'>;
	/** Tasks in line by queue, calls that wait for the ledger, and the like. */
	standing: () => { queues: readonly { queue: string; queued: number }[]; numbers: Record<string, unknown> };
}): Section[] => [
	{
		file: 'checks.json',
		about: 'every check, made now, and what it was made of',
		async gather(names) {
			const { state, at, checks } = await parts.health.look();
			const facts = parts.health.lastFacts;
			return {
				...{ state, at },
				checks: checks.map(({ name, state: one, since }) => ({ name, state: one, since })),
				facts: facts && factsTold(facts, names),
			};
		},
	},
	{
		file: 'standing.json',
		about: 'tasks in line by queue, running attempts, calls that wait',
		async gather(names) {
			const { queues, numbers } = parts.standing();
			return { queues: queues.map(({ queue, queued }) => ({ queue: names.of('queue', queue), queued })), ...numbers };
		},
	},
];
