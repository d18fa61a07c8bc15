import { statSync } from 'node:fs';
import { arch, cpus, freemem, loadavg, platform, release, totalmem, uptime } from 'node:os';
import { join } from 'node:path';
import { CHECK_NAMES } from '../../shared/protocol/health.ts';
import { capabilitiesSchema } from '../../shared/protocol/node.ts';
import { MILLRACE_VERSION } from '../config/version.ts';
import type { Ledger } from '../database/ledger.ts';
import { SCHEMA_VERSION } from '../database/migrate.ts';
import { alertTitles } from '../health/due-alerts.ts';
import { type NodeRow, readBacklog, readCareFacts, readLedgerFacts, readNodeFacts } from './diagnosis-store.ts';
import { codesIn } from './error-facts.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** One file of a bundle. What it cannot find out it throws; the rest of the bundle is made all the same. */
export interface Section {
	file: string;
	about: string;
	/** A text is written as it is, anything else as JSON. */
	gather: (names: Pseudonyms) => Promise<unknown>;
}

const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const bytesOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null;

const ALERT_WORDS: ReadonlySet<string> = new Set(CHECK_NAMES.flatMap(alertTitles));

const aboutSection = (data: string, madeBy: string): Section => ({
	file: 'about.json',
	about: 'versions, the machine, sizes of the files in the data folder',
	gather: async () => ({
		...{ madeAt: new Date().toISOString(), madeBy, millrace: MILLRACE_VERSION, schemaOfThisBuild: SCHEMA_VERSION },
		versions: process.versions,
		machine: {
			...{ platform: platform(), release: release(), arch: arch(), cpus: cpus().length, cpu: cpus()[0]?.model ?? null },
			...{ memoryBytes: totalmem(), freeMemoryBytes: freemem(), load: loadavg(), upSeconds: Math.round(uptime()) },
			timeZoneOffsetMinutes: -new Date().getTimezoneOffset(),
		},
		process: { upSeconds: Math.round(process.uptime()), memory: process.memoryUsage() },
		files: Object.fromEntries(
			['ledger.db', 'ledger.db-wal', 'ledger.db-shm', 'history.db', 'history.db-wal'].map((name) => [
				name,
				bytesOf(join(data, name)),
			]),
		),
	}),
});

const nodeTold = (row: NodeRow, names: Pseudonyms): object => {
	const { id, name, capabilities, queues, concurrency, setConcurrency, hasPolicy, ...times } = row;
	const has = capabilitiesSchema.safeParse(JSON.parse(capabilities ?? 'null')).data ?? null;
	return {
		...{
			id: names.of('node', id),
			name: names.of('node', name),
			concurrency,
			setConcurrency,
			hasPolicy: hasPolicy === 1,
		},
		queues: (JSON.parse(queues ?? '[]') as string[]).map((queue) => names.of('queue', queue)),
		...Object.fromEntries(Object.entries(times).map(([when, at]) => [when, instant(at)])),
		capabilities: has && {
			...{ cores: has.cores, memoryBytes: has.memoryBytes, sandbox: has.sandbox, taskTypes: has.taskTypes.length },
			hardware: Object.fromEntries(Object.entries(has.hardware).map(([device, n]) => [names.of('device', device), n])),
			labels: Object.keys(has.labels).length,
			platform: names.of('platform', has.platform),
			agentVersion: has.agentVersion === MILLRACE_VERSION ? has.agentVersion : names.of('version', has.agentVersion),
		},
	};
};

/** What a ledger tells by itself, whether the coordinator runs or not. */
export const ledgerSections = (parts: { data: string; madeBy: string; ledger: Pick<Ledger, 'read'> }): Section[] => {
	const { data, madeBy, ledger } = parts;
	const careFacts = () => ledger.read(readCareFacts, null);
	return [
		aboutSection(data, madeBy),
		{
			file: 'ledger.json',
			about: 'schema, settings of the database, rows of each table',
			gather: () => ledger.read(readLedgerFacts, null),
		},
		{
			file: 'backlog.json',
			about: 'tasks that are not over by state, what is still to follow, what waits to be told, damaged contents',
			async gather(names) {
				const { openTasks, happenings, webhookDeliveries, mail, damagedContents } = await ledger.read(
					readBacklog,
					null,
				);
				return {
					openTasks: openTasks.map(({ state, count }) => ({ state: names.word('state', state), count })),
					happenings: happenings.map(({ kind, count, oldestAt }) => ({
						...{ kind: names.word('kind', kind), count, oldestAt: instant(oldestAt) },
					})),
					webhookDeliveries: { ...webhookDeliveries, oldestAt: instant(webhookDeliveries.oldestAt) },
					mail: mail && { ...mail, tls: names.word('tls', mail.tls) },
					damagedContents,
				};
			},
		},
		{
			file: 'nodes.json',
			about: 'nodes with what they have and when they were heard of; no keys',
			gather: async (names) => (await ledger.read(readNodeFacts, null)).map((row) => nodeTold(row, names)),
		},
		{
			file: 'alerts.json',
			about: 'what administrators were told of each check last, and when',
			async gather(names) {
				const { alerts, notices } = await careFacts();
				return {
					last: alerts.map(({ name, told, toldAt }) => ({
						...{ check: names.word('check', name), told: names.word('state', told), toldAt: instant(toldAt) },
					})),
					told: notices
						.filter(({ title }) => ALERT_WORDS.has(title))
						.map(({ title, at, count }) => ({ words: title, at: instant(at), count })),
				};
			},
		},
		{
			file: 'backups.json',
			about: 'the last backups and how they went',
			gather: async () =>
				(await careFacts()).backups.map(({ startedAt, finishedAt, error, ...sizes }) => ({
					...{ startedAt: instant(startedAt), finishedAt: instant(finishedAt), failed: error !== null },
					...{ codes: codesIn(error ?? ''), ...sizes },
				})),
		},
		{
			file: 'chores.json',
			about: 'what the coordinator does by itself, and how it went last',
			gather: async (names) =>
				(await careFacts()).chores.map(({ name, startedAt, finishedAt, failed, words }) => ({
					...{ name: names.word('chore', name), startedAt: instant(startedAt), finishedAt: instant(finishedAt) },
					...{ failed: failed === 1, codes: codesIn(failed === 1 ? (words ?? '') : '') },
				})),
		},
	];
};
