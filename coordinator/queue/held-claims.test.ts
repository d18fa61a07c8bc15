import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { playClock } from '../../test/support/played-clock.ts';
import { indexFaults } from '../../test/support/queue-index.ts';
import { QueueWorld } from '../../test/support/queue-world.ts';

playClock();

test('a hold that is written before the claim wins: the start is taken back, and nothing is lost', async () => {
	await using world = await QueueWorld.open();
	await world.submit(1);
	const [id = ''] = world.submitted;
	world.connect('nod_a');
	await world.turn();
	expect(world.held.get('nod_a')?.has(id), 'it was pushed; its claim waits').toBe(true);
	// The hold has been committed, and its answer is still on the way.
	const db = new Database(`${world.data}/ledger.db`);
	db.prepare(`UPDATE tasks SET held_at = 1, held_by = 'usr_admin', version = version + 1`).run();
	await world.pass(20);
	expect(world.states().get(id)).toBe('queued');
	expect(world.held.get('nod_a')?.has(id), 'the node was told that the attempt is void').toBe(false);
	expect(world.queue.running).toBe(0);
	expect(indexFaults(world)).toEqual([]);
	await world.steer('release', id);
	await world.turn();
	await world.pass(20);
	expect(world.states().get(id)).toBe('running');
	expect(db.prepare('SELECT attempt FROM tasks').pluck().get(), 'the start that was void does not count').toBe(1);
	expect(indexFaults(world)).toEqual([]);
	db.close();
});

test('what is said of a running task counts when it goes back into line', async () => {
	await using world = await QueueWorld.open();
	await world.submit(1);
	const [id = ''] = world.submitted;
	world.connect('nod_a');
	await world.turn();
	await world.pass(20);
	expect(world.states().get(id)).toBe('running');
	await world.steer('hold', id);
	const [ref] = world.held.get('nod_a')?.values() ?? [];
	await world.settle('nod_a', ref!, 'crashed');
	await world.turn();
	expect(world.states().get(id)).toBe('queued');
	expect(world.queue.running).toBe(0);
	expect(indexFaults(world)).toEqual([]);
	await world.crash();
	world.connect('nod_a');
	await world.pass(1_000);
	expect(world.states().get(id), 'held over a restart').toBe('queued');
	await world.steer('release', id);
	await world.pass(20);
	expect(world.states().get(id)).toBe('running');
});
