import { expect, test } from 'vitest';
import { nodeAttemptSchema, pastAttemptSchema } from '../../shared/protocol/node-attempt.ts';
import { playClock } from '../../test/support/played-clock.ts';
import { LEASE_MS, QueueWorld } from '../../test/support/queue-world.ts';
import { NodeAttempts } from './node-attempts.ts';

playClock();

test('what runs on a node is told page by page, with what is left of its lease', async () => {
	await using world = await QueueWorld.open();
	await world.submit(10);
	world.connect('nod_a');
	await world.turn();
	await world.pass(20);
	const leasesOf = (node: string) => world.queue.leasesOf(node);
	const attempts = new NodeAttempts({ ledger: world.ledger, leasesOf, leaseMs: LEASE_MS });
	const running = world.queue.runningOn('nod_a');
	const all = await attempts.list('nod_a', { limit: 1_000 }, true);
	expect(all.items).toHaveLength(running);
	expect(all.nextCursor).toBeNull();
	for (const one of all.items) expect(nodeAttemptSchema.parse(one)).toEqual(one);
	expect(all.items[0]).toMatchObject({ attempt: 1, ownerName: 'a', slots: 1, devices: {} });
	expect(all.items[0]!.leaseLeft).toBeGreaterThan(0.9);

	const found: string[] = [];
	for (let cursor: string | undefined; ; ) {
		const page = await attempts.list('nod_a', { limit: 1, cursor }, false);
		expect(page.items[0]?.ownerName).toBeNull();
		found.push(...page.items.map(({ task }) => task));
		if (page.nextCursor === null) break;
		cursor = page.nextCursor;
	}
	expect(found).toEqual(all.items.map(({ task }) => task).sort());
	expect((await attempts.list('nod_b', { limit: 5 }, true)).items).toEqual([]);
	await expect(attempts.list('nod_a', { limit: 5, cursor: 'x' }, true)).rejects.toMatchObject({ code: 'bad-cursor' });

	// With a full disk its end waits, its slot does not.
	const [ref] = world.held.get('nod_a')?.values() ?? [];
	world.diskIsFull = true;
	const ended = world.settle('nod_a', ref!, 'succeeded');
	const ending = (await attempts.list('nod_a', { limit: 1_000 }, true)).items.find(({ task }) => task === ref!.task);
	expect(ending).toMatchObject({ state: 'ending', slots: 0 });
	world.diskIsFull = false;
	await ended;
});

test('what ended on a node is told, the newest first, by how and when', async () => {
	await using world = await QueueWorld.open();
	await world.submit(6);
	world.connect('nod_a');
	world.connect('nod_b');
	await world.turn();
	await world.pass(20);
	const leasesOf = (node: string) => world.queue.leasesOf(node);
	const attempts = new NodeAttempts({ ledger: world.ledger, leasesOf, leaseMs: LEASE_MS });
	const refs = [...(world.held.get('nod_a')?.values() ?? [])];
	expect(refs.length).toBeGreaterThan(1);
	const [first, second] = refs;
	const elsewhere = [...(world.held.get('nod_b')?.values() ?? [])][0];
	await world.settle('nod_a', first!, 'succeeded');
	await world.settle('nod_b', elsewhere!, 'succeeded');
	const between = Date.now() + 1;
	await world.pass(1_000);
	await world.settle('nod_a', second!, 'failed');

	const past = await attempts.past('nod_a', { limit: 10 }, true);
	for (const one of past.items) expect(pastAttemptSchema.parse(one)).toEqual(one);
	expect(past.items.map(({ task }) => task)).toEqual([second!.task, first!.task]);
	expect(past.items[0]).toMatchObject({ state: 'failed', ownerName: 'a', attempt: 1 });
	expect(past.nextCursor).toBeNull();
	expect((await attempts.past('nod_a', { limit: 10, from: between }, false)).items).toMatchObject([
		{ task: second!.task, ownerName: null },
	]);
	expect((await attempts.past('nod_a', { limit: 10, state: 'succeeded' }, false)).items).toHaveLength(1);

	const one = await attempts.past('nod_a', { limit: 1 }, true);
	const next = await attempts.past('nod_a', { limit: 1, cursor: one.nextCursor ?? '' }, true);
	expect([...one.items, ...next.items]).toEqual(past.items);
	await expect(attempts.past('nod_a', { limit: 5, cursor: '-1' }, true)).rejects.toMatchObject({ code: 'bad-cursor' });
});
