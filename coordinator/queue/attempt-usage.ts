import { columnOf, rowOf, type UsageQuantities, type UsageRow } from '../accounting/usage-record.ts';
import type { Lease } from './open-task.ts';

const DEVICE_US = columnOf('device_us');

/** Exclusive devices are held for the whole lease, whatever the task does with them. */
export const deviceUs = ({ task, startedMono }: Lease, nowMono: number): number => {
	let devices = 0;
	for (const name in task.needs.hardware) devices += task.needs.hardware[name] ?? 0;
	return devices === 0 ? 0 : devices * Math.max(0, Math.round((nowMono - startedMono) * 1_000));
};

/** What is metered of an attempt that is over: what it used, and all that it is summed by. */
export const attemptUsage = (
	lease: Lease,
	fact: {
		at: number;
		charged: boolean;
		queue: string | null;
		quantities: UsageQuantities;
		measured: string | null;
		flags: readonly string[];
	},
): UsageRow => {
	const { task } = lease;
	const known = {
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
		measured: fact.measured,
		flags: fact.flags.length === 0 ? null : fact.flags.join(),
		priceVersion: null,
		amountMicro: 0,
	} as const;
	const row = rowOf(known, fact.quantities);
	row[DEVICE_US] = deviceUs(lease, performance.now());
	return row;
};
