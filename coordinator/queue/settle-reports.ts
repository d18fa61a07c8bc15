import type { AttemptRef, SettleReply } from '../../shared/protocol/agent-link.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { type JudgedReport, judgeSettlement, parseSettlement } from './judge-settlement.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Settlements } from './settlements.ts';

/** Takes in what nodes report as settled: reads it, judges it, has it settled, and answers item by item. */
export class SettleReports {
	readonly #leases: LeaseBook;
	readonly #settlements: Settlements;
	readonly #policies: PolicyBook;
	readonly #hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;

	constructor(options: {
		leases: LeaseBook;
		settlements: Settlements;
		policies: PolicyBook;
		hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;
	}) {
		this.#leases = options.leases;
		this.#settlements = options.settlements;
		this.#policies = options.policies;
		this.#hasOutput = options.hasOutput;
	}

	/** Resolves after the commit; rejects when nothing could be written, and then nothing has changed. */
	async settle(node: string, items: readonly unknown[], draining: boolean): Promise<SettleReply[]> {
		const statuses: SettleReply[] = [];
		const reports: JudgedReport[] = [];
		/** Where in the answer each report stands. */
		const places: number[] = [];
		for (const item of items) {
			const settlement = parseSettlement(item);
			if (!settlement) {
				statuses.push('invalid');
				continue;
			}
			const place = statuses.push('stale') - 1;
			const lease = this.#leases.match(settlement);
			// A token that another node holds: whoever knows it may not use it from elsewhere.
			if (lease && lease.node !== node) continue;
			const hasOutput = (name: string, sha256: string, size: number) => this.#hasOutput(settlement, name, sha256, size);
			places.push(place);
			reports.push(
				lease
					? judgeSettlement(settlement, { lease, draining, hasOutput, policies: this.#policies })
					: { settlement, end: { state: 'cancelled' }, result: null }, // is over already: only looked up
			);
		}
		const settled = reports.length > 0 ? await this.#settlements.settle(reports) : [];
		for (const [i, place] of places.entries()) statuses[place] = settled[i] as SettleReply;
		return statuses;
	}
}
