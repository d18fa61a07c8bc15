import type { MetricSources } from '../../coordinator/report/metrics.ts';

/** Rooms that keep numbers, for metrics without rooms. */
export const metricSources = (): MetricSources => ({
	finished: () => ({ succeeded: 3, failed: 1 }),
	submitted: () => 9,
	running: () => 2,
	queued: () => [{ queue: 'normal', queued: 5 }],
	nodes: () => ({ online: 2, offline: 1 }),
	uploads: () => ({ uploads: 4, bytes: 4_096 }),
	ledgerWaiting: () => ({ writes: 1, reads: 0 }),
	work: {
		queues: () => [['normal', { in: 7, started: 6, out: 5, failed: {} }]],
		failed: () => ({ lost: 1, input: 0 }),
		line: () => ({
			queues: new Map([['normal', { depth: 5, oldest: Date.now() - 9_000 }]]),
			classes: new Map([['standard', { depth: 2, oldest: Date.now() - 9_000 }]]),
		}),
		nodes: () => [{ name: 'vm-1', running: 3, slots: 4, metrics: { cpuLoad: 0.5, eventLoopLagMs: 250 } }],
		agentMessagesIgnored: () => 8,
		ledgerLogBytes: () => null,
		diskFreeBytes: () => 1_000,
		history: () => ({ isOpen: true, bytes: 100, lost: 2 }),
	},
});
