import { NOTHING_USED, OF_NO_TASK, type UsageRow, usageRow } from '../../coordinator/accounting/usage-record.ts';
import { soberUsage } from '../../coordinator/queue/sober-usage.ts';
import type { ReportedUsage } from '../../shared/protocol/agent-link.ts';

/** The metered fact of a task's attempt; nothing was used unless told. */
export const attemptUsageRow = (taskSeq: number, usage?: ReportedUsage, { at = 2_000, attempt = 1 } = {}): UsageRow =>
	usageRow({
		...{ ...NOTHING_USED, ...OF_NO_TASK },
		...(usage ? soberUsage(usage, { leaseMs: 60_000, machine: null }).quantities : {}),
		...{ at, ownerSeq: 1, kind: 'attempt', taskSeq, attempt },
	});
