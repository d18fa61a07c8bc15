import { describe, expect, it } from 'vitest';
import { CHECK_NAMES } from '../../shared/protocol/health.ts';
import { ClockSkew } from '../agents/clock-skew.ts';
import { createLogger } from '../report/logger.ts';
import type { HealthFacts } from './facts.ts';
import { gatherFacts } from './gather-facts.ts';
import { Health, type HealthChange } from './health.ts';

const calm: HealthFacts = {
	...{ now: 1_000, ledger: { answers: true }, disk: { free: 100, total: 200, watermark: 10 }, walBytes: 0 },
	...{
		certificateEndsAt: null,
		nodes: [{ name: 'vm-1', state: 'online', isDrained: false, lastSeenAt: 0, clockSkewMs: 0 }],
		queues: [],
		astray: { tasks: 0, routingKeys: [] },
		schedules: [],
		damaged: { contents: 0 },
		chores: [],
	},
};

describe('health', () => {
	it('knows since when each check is as it is, and tells of what changed only', async () => {
		let facts = calm;
		const health = new Health({ facts: async () => facts, version: '1', logger: createLogger('silent') });
		const told: HealthChange[][] = [];
		health.onLooked = (_, changes) => void told.push([...changes]);
		expect((await health.look()).state).toBe('ok');
		facts = { ...calm, now: 2_000, disk: { free: 15, total: 200, watermark: 10 } };
		expect((await health.look()).state).toBe('warn');
		facts = { ...facts, now: 3_000 };
		const view = await health.look();
		expect(view.checks.find(({ name }) => name === 'disk')?.since).toBe(new Date(2_000).toISOString());
		expect(view.checks.find(({ name }) => name === 'ledger')?.since).toBe(new Date(1_000).toISOString());
		expect(told.map((changes) => changes.length)).toEqual([CHECK_NAMES.length, 1, 0]);
		expect(told[1]).toMatchObject([{ name: 'disk', was: 'ok', state: 'warn', at: 2_000 }]);
		await health[Symbol.asyncDispose]();
	});

	it('tells that the ledger does not answer, though upkeep asks that, too', async () => {
		const facts = async (): Promise<HealthFacts> => ({ ...calm, ledger: { answers: false, why: 'EIO' } });
		await using health = new Health({ facts, version: '1', logger: createLogger('silent') });
		health.upkeep = () => Promise.reject(new Error('EIO'));
		const { checks } = await health.look();
		expect(checks.filter(({ state }) => state === 'fail').map(({ name }) => name)).toEqual(['ledger']);
	});

	it('finds that a queue stands still only while nothing starts from it', async () => {
		let now = 0;
		let started = 0;
		let queued = 1;
		const gather = gatherFacts(
			{
				ledger: { read: async () => [] as never },
				disk: () => Promise.reject(new Error('gone')),
				walBytes: () => null,
				astray: () => ({ tasks: 0, routingKeys: [] }),
				certificateEndsAt: null,
				nodes: () => [],
				offers: () => [{ id: 'nod', queues: ['fast'], concurrency: 3, accepting: true }],
				slotsInUse: () => 1,
				queues: () => [{ name: 'fast', pausedAt: 25, by: 'olga', reason: null }],
				depths: () => [{ queue: 'fast', queued }],
				startedFrom: () => started,
			},
			() => now,
		);
		const look = async (at: number) => {
			now = at;
			return (await gather()).queues[0];
		};
		expect(await look(10)).toMatchObject({ stillMs: 0, servers: 1, freeSlots: 2 });
		expect(await look(30)).toMatchObject({ stillMs: 20, pause: { sinceMs: 5, by: 'olga', reason: null } });
		started = 1;
		expect(await look(40)).toMatchObject({ stillMs: 0 });
		expect(await look(45)).toMatchObject({ stillMs: 5 });
		queued = 0;
		expect(await look(50)).toMatchObject({ stillMs: 0 });
		expect((await gather()).disk).toBeNull();
	});

	it('takes the clock of a machine as what it says at its quickest', () => {
		const skew = new ClockSkew();
		expect(skew.ms).toBeNull();
		for (const delay of [900, 30, 400]) skew.heard(10_000 + 5_000, 10_000 + delay);
		expect(skew.ms).toBe(4_970);
		for (let i = 0; i < 10; i++) skew.heard(10_000, 10_010);
		expect(skew.ms).toBe(-10);
	});
});
