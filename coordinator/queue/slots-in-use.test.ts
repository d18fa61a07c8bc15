import { expect, test } from 'vitest';
import { playClock } from '../../test/support/played-clock.ts';
import { QueueWorld } from '../../test/support/queue-world.ts';

playClock();

test('a node never shows more slots in use than it has, also while ends are being written', async () => {
	await using world = await QueueWorld.open();
	await world.submit(10);
	world.connect('nod_a');
	await world.turn();
	await world.pass(20);
	const slots = world.queue.slotsInUse('nod_a');
	expect(world.queue.runningOn('nod_a')).toBe(slots);
	expect(slots).toBeLessThan(10);
	const inWork = () => Object.values(world.queue.workOn('nod_a')).reduce((sum, count) => sum + count, 0);
	expect(inWork()).toBe(slots);
	const [ref] = world.held.get('nod_a')?.values() ?? [];
	// With a full disk the end waits, its slot does not.
	world.diskIsFull = true;
	const ended = world.settle('nod_a', ref!, 'succeeded');
	expect(world.queue.slotsInUse('nod_a')).toBe(slots - 1);
	expect(inWork()).toBe(slots - 1);
	expect(world.queue.runningOn('nod_a'), 'it is not over before that is written').toBe(slots);
	world.diskIsFull = false;
	await ended;
	await world.turn();
	expect(world.queue.slotsInUse('nod_a')).toBeLessThanOrEqual(slots);
});
