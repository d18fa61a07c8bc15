import { describe, expect, it } from 'vitest';
import { CHECK_NAMES, type CheckName } from '../../shared/protocol/health.ts';
import { findingsOf } from './checks.ts';
import type { HealthFacts, NodeFact, QueueFact } from './facts.ts';

const MIB = 1024 ** 2;
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NOW = Date.UTC(2026, 10, 30);

const node = (more: Partial<NodeFact> = {}): NodeFact => ({
	...{ name: 'vm-1', state: 'online', lastSeenAt: NOW, isDrained: false, clockSkewMs: -20 },
	...more,
});
const queue = (more: Partial<QueueFact> = {}): QueueFact => ({
	...{ name: 'fast', queued: 3, pause: null, servers: 1, freeSlots: 1, stillMs: 0 },
	...more,
});
const facts = (more: Partial<HealthFacts> = {}): HealthFacts => ({
	...{ now: NOW, ledger: { answers: true }, disk: { free: 100, total: 200, watermark: 10 } },
	...{ walBytes: 16 * MIB, certificateEndsAt: NOW + 60 * DAY, nodes: [node()], queues: [queue()], schedules: [] },
	astray: { tasks: 0, routingKeys: [] },
	backup: { lastOkAt: NOW - MINUTE, everyMs: DAY, why: null },
	damaged: { contents: 0 },
	chores: [],
	mail: { recipients: 2, failingSince: null, error: null, waiting: 0 },
	...more,
});
const check = (name: CheckName, more: Partial<HealthFacts>) =>
	findingsOf(facts(more)).find((finding) => finding.name === name);

describe('the checks', () => {
	it('are well when everything is, in the order in which they are told', () => {
		const findings = findingsOf(facts());
		expect(findings.map(({ name }) => name)).toEqual(CHECK_NAMES);
		expect(findings.filter(({ state, do: todo }) => state !== 'ok' || todo !== null)).toEqual([]);
	});

	const stands = { stillMs: 3 * MINUTE, freeSlots: 0 };
	const pause = { sinceMs: DAY, by: 'olga', reason: 'new disks' };
	const schedule = { name: 'daily', owner: 'ada', failures: 1, stopped: false };
	const failing = (ms: number) => ({ recipients: 2, failingSince: NOW - ms, error: 'No such user.', waiting: 1 });
	const backup: NonNullable<HealthFacts['backup']> = { lastOkAt: NOW - DAY, everyMs: DAY, why: null };
	it.each<[CheckName, string, Partial<HealthFacts>, string, RegExp]>([
		['ledger', 'does not answer', { ledger: { answers: false, why: 'it hangs' } }, 'fail', /it hangs/],
		['disk', 'is getting full', { disk: { free: 19, total: 200, watermark: 10 } }, 'warn', /refused below/],
		['disk', 'is full', { disk: { free: 9, total: 200, watermark: 10 } }, 'fail', /^9 B of 200 B are free/],
		['disk', 'is gone', { disk: null }, 'fail', /cannot be looked at/],
		['write-ahead-log', 'grows', { walBytes: 200 * MIB }, 'warn', /has 210 MB/],
		['write-ahead-log', 'is huge', { walBytes: 2048 * MIB }, 'fail', /has 2\.1 GB/],
		['certificate', 'is near its end', { certificateEndsAt: NOW + 10 * DAY }, 'warn', /ends in 10 d/],
		['certificate', 'is very near its end', { certificateEndsAt: NOW + DAY }, 'fail', /ends in/],
		['certificate', 'has ended', { certificateEndsAt: NOW - 1 }, 'fail', /ended/],
		['certificate', 'is none', { certificateEndsAt: null }, 'off', /plain HTTP/],
		[
			...(['nodes-lost', 'one is away'] as const),
			{ nodes: [node(), node({ name: 'vm-2', state: 'offline', lastSeenAt: NOW - 6 * MINUTE })] },
			...(['warn', /vm-2 \(for 6 min/] as const),
		],
		['nodes-lost', 'all are away', { nodes: [node({ state: 'offline', lastSeenAt: NOW - DAY })] }, 'fail', /0 nodes/],
		[
			...(['nodes-lost', 'all are away, as they were told to'] as const),
			{ nodes: [node({ state: 'offline', lastSeenAt: NOW - DAY, isDrained: true })] },
			'fail',
			/0 nodes/,
		],
		['nodes-lost', 'no machine has joined', { nodes: [] }, 'warn', /No machine has joined/],
		['clocks', 'one is ahead', { nodes: [node({ clockSkewMs: 11_000 })] }, 'warn', /vm-1 is 11 s ahead/],
		['clocks', 'one is far behind', { nodes: [node({ clockSkewMs: -11 * MINUTE })] }, 'fail', /11 min behind/],
		['queues-without-node', 'one is', { queues: [queue({ servers: 0, freeSlots: 0 })] }, 'fail', /fast \(3 in line\)/],
		[
			'tasks-without-queue',
			'some are',
			{ astray: { tasks: 3, routingKeys: ['odd.key'] } },
			'warn',
			/3 tasks wait.*odd\.key/,
		],
		['queues-not-moving', 'one stands', { queues: [queue({ stillMs: 3 * MINUTE })] }, 'warn', /fast \(for 3 min/],
		['queues-not-moving', 'for long', { queues: [queue({ stillMs: 16 * MINUTE })] }, 'fail', /slots are free/],
		['queues-paused', 'one is', { queues: [queue({ ...stands, pause })] }, 'warn', /fast \(for 3 min, 3 in line\)/],
		['schedules', 'one fails', { schedules: [{ ...schedule, failures: 3 }] }, 'warn', /daily of ada failed 3 times/],
		['schedules', 'one stopped', { schedules: [{ ...schedule, stopped: true }] }, 'warn', /paused itself/],
		['backup', 'is late', { backup: { ...backup, lastOkAt: NOW - 2 * DAY } }, 'warn', /2 d old/],
		['backup', 'is far too late', { backup: { ...backup, lastOkAt: NOW - 5 * DAY } }, 'fail', /5 d/],
		['backup', 'failed', { backup: { ...backup, why: 'disk full' } }, 'warn', /The last try failed: disk full/],
		['backup', 'was made before', { backup: { ...backup, everyMs: null, lastOkAt: NOW - 2 * DAY } }, 'warn', /2 d old/],
		['backup', 'is made by others', { backup: { ...backup, everyMs: null } }, 'off', /by themselves, and the last/],
		['backup', 'is not made', { backup: { ...backup, everyMs: null, lastOkAt: null } }, 'off', /by themselves\.$/],
		['backup', 'was never made', { backup: { ...backup, lastOkAt: null } }, 'warn', /no good backup yet/],
		['damaged-content', 'is there', { damaged: { contents: 2 } }, 'fail', /2 contents are/],
		['chores', 'one failed', { chores: [{ name: 'empty old trash', error: 'EIO' }] }, 'warn', /trash \(EIO\)/],
		[
			...(['mail', 'fails for some time'] as const),
			{ mail: failing(6 * MINUTE) },
			...(['warn', /1 mail waits\. No such user/] as const),
		],
		[...(['mail', 'fails for long'] as const), { mail: failing(DAY) }, ...(['fail', /For 1 d/] as const)],
	])('%s: %s', (name, _, more, state, words) => {
		const found = check(name, more);
		expect(found).toMatchObject({ name, state, what: expect.stringMatching(words) });
		expect(found?.do).toMatch(/\w{4}/);
		// Nothing else is touched by it, but for the nodes that are both away and the only ones.
		const others = findingsOf(facts(more)).filter((one) => one.name !== name && one.state !== 'ok');
		expect(others).toEqual([]);
	});

	it.each<[CheckName, string, Partial<HealthFacts>]>([
		['nodes-lost', 'restart', { nodes: [node({ state: 'offline', lastSeenAt: NOW - MINUTE })] }],
		['nodes-lost', 'are long gone', { nodes: [node({ state: 'offline', lastSeenAt: NOW - 8 * DAY })] }],
		[
			...(['nodes-lost', 'were drained while others are there'] as const),
			{ nodes: [node(), node({ state: 'offline', lastSeenAt: NOW - DAY, isDrained: true })] },
		],
		['nodes-lost', 'never came', { nodes: [node({ state: 'offline', lastSeenAt: null })] }],
		['clocks', 'are not known', { nodes: [node({ clockSkewMs: null })] }],
		['queues-without-node', 'have no tasks', { queues: [queue({ servers: 0, queued: 0 })] }],
		['queues-not-moving', 'are paused', { queues: [queue({ stillMs: DAY, pause: { ...pause, sinceMs: MINUTE } })] }],
		[
			'queues-paused',
			'were paused a minute ago',
			{ queues: [queue({ ...stands, pause: { ...pause, sinceMs: MINUTE } })] },
		],
		['queues-paused', 'got their first task a minute ago', { queues: [queue({ stillMs: MINUTE, pause })] }],
		['queues-paused', 'are empty', { queues: [queue({ ...stands, queued: 0, pause })] }],
		['queues-not-moving', 'have no free slot', { queues: [queue({ stillMs: DAY, freeSlots: 0 })] }],
		['schedules', 'failed once', { schedules: [schedule] }],
		['mail', 'were refused a minute ago', { mail: failing(MINUTE) }],
		['backup', 'a little late', { backup: { ...backup, lastOkAt: NOW - 1.4 * DAY } }],
	])('%s: nothing is said of those that %s', (name, _, more) => {
		expect(check(name, more)).toMatchObject({ state: 'ok', do: null });
	});

	it('names what it tells of besides the sentence, of many the first', () => {
		const many = Array.from({ length: 30 }, (_, at) => queue({ name: `q${at}`, servers: 0, freeSlots: 0 }));
		expect(check('queues-without-node', { queues: [queue(), ...many] })?.about).toEqual({
			queues: many.slice(0, 20).map(({ name }) => name),
		});
		expect(check('queues-not-moving', { queues: [queue({ stillMs: DAY })] })?.about).toEqual({ queues: ['fast'] });
		expect(check('queues-paused', { queues: [queue({ ...stands, pause })] })?.about).toEqual({ queues: ['fast'] });
		const astray = { tasks: 3, routingKeys: ['odd.key', 'other'] };
		expect(check('tasks-without-queue', { astray })?.about).toEqual({ routingKeys: ['odd.key', 'other'] });
		const away = node({ name: 'vm-2', state: 'offline', lastSeenAt: NOW - DAY });
		expect(check('nodes-lost', { nodes: [node(), away] })?.about).toEqual({ nodes: ['vm-2'] });
		expect(check('nodes-lost', { nodes: [] })?.about).toBeUndefined();
		expect(check('clocks', { nodes: [node({ clockSkewMs: DAY })] })?.about).toEqual({ nodes: ['vm-1'] });
		expect(findingsOf(facts()).filter((finding) => finding.about !== undefined)).toEqual([]);
	});

	it('says who paused a queue and why, in few words', () => {
		const told = (more: Partial<NonNullable<QueueFact['pause']>>) =>
			check('queues-paused', { queues: [queue({ ...stands, pause: { ...pause, ...more } })] })?.do;
		expect(told({})).toBe('olga paused fast: “new disks”. When that is over: millrace admin queue resume fast');
		expect(told({ by: null, reason: null })).toMatch(/^Somebody paused fast\. When/);
		expect(told({ reason: 'x'.repeat(500) })?.length).toBeLessThan(220);
	});

	it.each(['backup', 'damaged', 'chores', 'mail'] as const)('%s is off when nothing is known of it', (fact) => {
		const { [fact]: _, ...without } = facts();
		expect(findingsOf(without).filter(({ state }) => state === 'off')).toHaveLength(1);
	});
});
