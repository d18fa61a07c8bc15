import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { type JudgedReport, judgeSettlement, parseSettlement } from './judge-settlement.ts';
import type { LeaseBook } from './lease-book.ts';
import type { SettleStatus } from './open-task.ts';
import type { Settlements } from './settlements.ts';

export interface SettleReply {
	task: string;
	attempt: number;
	status: SettleStatus | 'invalid';
}

/** Takes in what nodes report as settled: reads it, judges it, has it settled, and answers item by item. */
export class SettleReports {
	readonly #leases: LeaseBook;
	readonly #settlements: Settlements;
	readonly #hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;

	constructor(options: {
		leases: LeaseBook;
		settlements: Settlements;
		hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;
	}) {
		this.#leases = options.leases;
		this.#settlements = options.settlements;
		this.#hasOutput = options.hasOutput;
	}

	/** Resolves after the commit; rejects when nothing could be written, and then nothing has changed. */
	async settle(node: string, items: readonly unknown[], draining: boolean): Promise<SettleReply[]> {
		const replies: SettleReply[] = [];
		const reports: JudgedReport[] = [];
		const judged: SettleReply[] = [];
		for (const item of items) {
			const settlement = parseSettlement(item);
			if (!settlement) {
				replies.push({ ...nameOf(item), status: 'invalid' });
				continue;
			}
			const reply: SettleReply = { task: settlement.task, attempt: settlement.attempt, status: 'stale' };
			replies.push(reply);
			const lease = this.#leases.match(settlement);
			// A token that another node holds: whoever knows it may not use it from elsewhere.
			if (lease && lease.node !== node) continue;
			const hasOutput = (name: string, sha256: string, size: number) => this.#hasOutput(settlement, name, sha256, size);
			judged.push(reply);
			reports.push(
				lease
					? judgeSettlement(settlement, { lease, draining, hasOutput })
					: { settlement, end: { state: 'cancelled' }, result: null }, // is over already: only looked up
			);
		}
		const statuses = reports.length > 0 ? await this.#settlements.settle(reports) : [];
		for (const [i, reply] of judged.entries()) reply.status = statuses[i] as SettleStatus;
		return replies;
	}
}

/** What an unreadable settlement seems to be about, so that its sender can find it. */
const nameOf = (item: unknown): { task: string; attempt: number } => {
	const { task, attempt } = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>;
	return {
		task: typeof task === 'string' ? task.slice(0, 64) : '',
		attempt: typeof attempt === 'number' && Number.isInteger(attempt) ? attempt : 0,
	};
};
