import { expect, test } from 'vitest';
import { type QueueView, queueViewSchema } from '../../../shared/protocol/queue.ts';
import { filterQueues, stateOfQueue } from './queue-look.ts';

const queue = (name: string, more: Partial<QueueView> = {}): QueueView => ({
	...queueViewSchema.parse({ name, bindingKeys: [`${name}.#`], paused: false, servedBy: ['vm-1'] }),
	...more,
});

test('what operators said goes before what is wrong, and an empty queue without a node is no trouble', () => {
	expect(stateOfQueue(queue('a', { paused: true, draining: true, queued: 3, servedBy: [] }))).toBe('paused');
	expect(stateOfQueue(queue('a', { draining: true, queued: 3, servedBy: [] }))).toBe('stuck');
	expect(stateOfQueue(queue('a', { draining: true }))).toBe('draining');
	expect(stateOfQueue(queue('a', { servedBy: [] }))).toBe('open');
});

test('queues are found by name, by binding and by state', () => {
	const queues = [
		queue('fast', { queued: 1, servedBy: [] }),
		queue('slow'),
		queue('other', { bindingKeys: ['FASTER.#'] }),
	];
	const names = (text: string, state = '') => filterQueues(queues, text, state).map(({ name }) => name);
	expect(names(' fast ')).toEqual(['fast', 'other']);
	expect(names('', 'stuck')).toEqual(['fast']);
	expect(names('slow', 'stuck')).toEqual([]);
	expect(names('')).toHaveLength(3);
});
