import type { QueuePulse } from '../../shared/protocol/queue.ts';

export type QueueEvents = {
	/** Each second, the queues that are doing otherwise than told last, and those that are gone. */
	'queue:measured': { at: number; pulses: readonly QueuePulse[]; gone: readonly string[] };
};
