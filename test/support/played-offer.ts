import type { NodeOffer } from '../../coordinator/scheduler/node-slots.ts';

/** What a played node offers: two slots for the task type noop. */
export const playedOffer = (node: string, accepting: boolean): NodeOffer => ({
	id: node,
	name: node,
	queues: ['normal'],
	concurrency: 2,
	accepting,
	capabilities: {
		cores: 4,
		memoryBytes: 1e9,
		hardware: {},
		labels: {},
		sandbox: 'none',
		taskTypes: ['noop'],
	},
});
