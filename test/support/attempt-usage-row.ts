import { NOTHING_USED, OF_NO_TASK, type UsageRow, usageRow } from '../../coordinator/accounting/usage-record.ts';
import { quantitiesOf } from '../../coordinator/queue/attempt-usage.ts';
import type { TaskUsage } from '../../shared/protocol/task.ts';

/** The metered fact of a task's first attempt; nothing was used unless told. */
export const attemptUsageRow = (taskSeq: number, usage?: TaskUsage): UsageRow =>
	usageRow({
		...{ ...NOTHING_USED, ...OF_NO_TASK, ...(usage ? quantitiesOf(usage) : {}) },
		...{ at: 2_000, ownerSeq: 1, kind: 'attempt', taskSeq, attempt: 1 },
	});
