import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { rounds } from '../support/chaos-length.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { type Call, findProgram, readStrace, underStrace } from '../support/strace-log.ts';
import { TempFolder } from '../support/temp-folder.ts';

const SUBMITS = rounds(30, 1_000);
const CALLS = ['read', 'write', 'writev', 'pwrite64', 'fsync', 'fdatasync', 'rename', 'renameat', 'renameat2'];

beforeEach((context) => {
	if (findProgram('strace') === null) context.skip('strace is not installed');
});

const isSync = ({ name, result }: Call): boolean => (name === 'fsync' || name === 'fdatasync') && result === '0';
const socketOf = ({ text }: Call): string => /^\d+<TCP:\[[^\]]*\]>/.exec(text)?.[0] ?? /^\d+/.exec(text)?.[0] ?? '';

/** What must have happened, and ended, between the arrival of a request and the first byte of its answer. */
const happened = (calls: readonly Call[], from: Call, to: Call, what: (call: Call) => boolean): Call[] =>
	calls.filter((call) => call.beganAt > from.endedAt && call.endedAt < to.beganAt && what(call));

/** Whether the ledger's log was written and then synced between the two. */
const walSynced = (calls: readonly Call[], from: Call, to: Call): boolean => {
	const [written] = happened(
		calls,
		from,
		to,
		({ name, text }) => name === 'pwrite64' && text.includes('ledger.db-wal>'),
	);
	if (!written) return false;
	return happened(calls, written, to, (call) => isSync(call) && call.text.includes('ledger.db-wal>')).length > 0;
};

/** Pairs of a request's first bytes and its answer's first bytes on one connection. */
const exchanges = (calls: readonly Call[], request: string, answer: string): [Call, Call][] => {
	const found: [Call, Call][] = [];
	const waiting = new Map<string, Call>();
	for (const call of calls) {
		if (call.name === 'read' && call.text.includes(`"${request}`)) waiting.set(socketOf(call), call);
		if ((call.name === 'write' || call.name === 'writev') && call.text.includes(`"${answer}`)) {
			const asked = waiting.get(socketOf(call));
			if (asked) found.push([asked, call]);
			waiting.delete(socketOf(call));
		}
	}
	return found;
};

test('P2: what is acknowledged is on disk: no answer leaves before its sync', async () => {
	await using folder = new TempFolder();
	const log = folder.join('strace.log');
	await using coordinator = await startCoordinator({
		wrap: (argv) => underStrace(log, CALLS, argv),
		// No heartbeat comes between: what is read from the agent is then a settlement.
		env: { MILLRACE_LEASE: '600', MILLRACE_HEARTBEAT: '300' },
		readyWithinMs: 60_000,
	});
	const anna = await coordinator.newUser('anna');
	for (let i = 0; i < SUBMITS; i++) await anna.post('/tasks', { type: 'noop', routingKey: 'parked.noop' });
	for (let i = 0; i < SUBMITS / 5; i++) await anna.upload(`/synced/${i}.bin`, randomBytes(5_000));
	await using agent = await startAgent(coordinator, { queues: ['alone'], concurrency: 1 });
	await coordinator.api.post('/admin/queues', { name: 'alone', bindingKeys: ['alone.#'] });
	using feed = await LiveFeed.open(anna);
	for (let i = 0; i < SUBMITS / 5; i++) {
		const task = { type: 'noop', routingKey: 'alone.noop', parameters: { sleepMs: 60 } };
		const { id } = await anna.post<{ id: string }>('/tasks', task);
		expect(await feed.task(id)).toMatchObject({ state: 'succeeded' });
	}
	await agent.stop();
	await coordinator.stop();
	const calls = readStrace(log);

	const submits = exchanges(calls, 'POST /api/v1/tasks', 'HTTP/1.1 202');
	expect(submits.length).toBeGreaterThanOrEqual(SUBMITS);
	expect(submits.filter(([asked, told]) => !walSynced(calls, asked, told))).toEqual([]);

	const uploads = exchanges(calls, 'PUT /api/v1/content/synced', 'HTTP/1.1 201');
	expect(uploads).toHaveLength(SUBMITS / 5);
	for (const [asked, told] of uploads) {
		const content = happened(calls, asked, told, (call) => isSync(call) && /\/(staging|blobs)\//.test(call.text));
		expect(content.length, 'the content is synced, and the folder that names it').toBeGreaterThanOrEqual(2);
		expect(walSynced(calls, asked, told), 'so is the ledger').toBe(true);
	}

	const acks = calls.filter(({ name, text }) => name.startsWith('write') && /43\/agents,.*accepted/.test(text));
	expect(acks).toHaveLength(SUBMITS / 5);
	for (const ack of acks) {
		const came = (call: Call) => call.name === 'read' && Number(call.result) > 0 && socketOf(call) === socketOf(ack);
		const asked = calls.filter((call) => came(call) && call.endedAt < ack.beganAt).at(-1);
		expect(asked && walSynced(calls, asked, ack), ack.text).toBe(true);
	}
});
