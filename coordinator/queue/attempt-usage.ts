import type { TaskUsage } from '../../shared/protocol/task.ts';
import { NOTHING_USED, quantityIn, type UsageQuantities, type UsageRow, usageRow } from '../accounting/usage-record.ts';
import type { Lease } from './open-task.ts';

/** What the agent has measured, in whole units. */
export const quantitiesOf = (usage: TaskUsage): UsageQuantities => ({
	...NOTHING_USED,
	wallUs: Math.round(usage.wallMs * 1_000),
	userUs: Math.round(usage.cpuMs * 1_000),
	peakMemoryBytes: usage.peakMemoryBytes,
	bytesIn: usage.bytesIn,
	bytesOut: usage.bytesOut,
});

/** The same as people see it. */
export const taskUsageOf = (row: UsageRow): TaskUsage => ({
	wallMs: quantityIn(row, 'wall_us') / 1_000,
	cpuMs: (quantityIn(row, 'user_us') + quantityIn(row, 'system_us')) / 1_000,
	peakMemoryBytes: quantityIn(row, 'peak_memory_bytes'),
	bytesIn: quantityIn(row, 'bytes_in'),
	bytesOut: quantityIn(row, 'bytes_out'),
});

/** What is metered of an attempt that is over: what it used, and all that it is summed by. */
export const attemptUsage = (
	lease: Lease,
	fact: { at: number; charged: boolean; queue: string | null; quantities: UsageQuantities },
): UsageRow => {
	const { task } = lease;
	return usageRow({
		...fact.quantities,
		at: fact.at,
		ownerSeq: task.owner,
		kind: 'attempt',
		taskSeq: task.seq,
		attempt: lease.attempt,
		charged: fact.charged,
		node: lease.node,
		taskType: task.type,
		queue: fact.queue,
		serviceClass: task.serviceClass,
		measured: null,
		flags: null,
		priceVersion: null,
		amountMicro: 0,
	});
};
