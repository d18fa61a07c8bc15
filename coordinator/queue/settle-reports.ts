import type { AttemptRef, SettleReply } from '../../shared/protocol/agent-link.ts';
import { NOTHING_USED } from '../accounting/usage-record.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { type JudgedReport, judgeSettlement, parseSettlement } from './judge-settlement.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Settlements } from './settlements.ts';
import type { Possible, SoberUsage } from './sober-usage.ts';

const UNMEASURED: SoberUsage = { quantities: NOTHING_USED, measured: null, flags: [] };

/** A node has claimed what cannot be: which of a task's figures were cut. */
export type OnImpossibleUsage = (node: string, task: string, figures: readonly string[]) => void;

/** Takes in what nodes report as settled: reads it, judges it, has it settled, and answers item by item. */
export class SettleReports {
	readonly #leases: LeaseBook;
	readonly #settlements: Settlements;
	readonly #policies: PolicyBook;
	readonly #hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;
	readonly #onImpossibleUsage: OnImpossibleUsage;

	constructor(options: {
		leases: LeaseBook;
		settlements: Settlements;
		policies: PolicyBook;
		hasOutput: (ref: AttemptRef, name: string, sha256: string, size: number) => boolean;
		onImpossibleUsage: OnImpossibleUsage;
	}) {
		this.#leases = options.leases;
		this.#settlements = options.settlements;
		this.#policies = options.policies;
		this.#hasOutput = options.hasOutput;
		this.#onImpossibleUsage = options.onImpossibleUsage;
	}

	/** Resolves after the commit; rejects when nothing could be written, and then nothing has changed. */
	async settle(
		node: string,
		items: readonly unknown[],
		{ draining, machine }: { draining: boolean; machine: Possible['machine'] },
	): Promise<SettleReply[]> {
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
					? judgeSettlement(settlement, { lease, draining, hasOutput, machine, policies: this.#policies })
					: { settlement, end: { state: 'cancelled' }, usage: UNMEASURED, result: null }, // is over already: only looked up
			);
		}
		const settled = reports.length > 0 ? await this.#settlements.settle(reports) : [];
		for (const [i, place] of places.entries()) {
			statuses[place] = settled[i] as SettleReply;
			const { settlement, usage } = reports[i] as JudgedReport;
			if (usage.flags.length > 0 && settled[i] === 'accepted') {
				this.#onImpossibleUsage(node, settlement.task, usage.flags);
			}
		}
		return statuses;
	}
}
