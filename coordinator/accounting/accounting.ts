import type {
	UsageCorrected,
	UsageCorrection,
	UsageRecordPage,
	UsageRecordQuery,
} from '../../shared/protocol/usage.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { readSeqCursor, writeSeqCursor } from '../database/seq-cursor.ts';
import type { Logger } from '../report/logger.ts';
import { addCorrection, type CorrectionKey } from './correction-store.ts';
import { Forgetting } from './forgetting.ts';
import { meterStorage, readStorers } from './meter-store.ts';
import { PriceBooks } from './price-books.ts';
import { listUsageRecords } from './record-store.ts';
import { RequestMeter } from './request-meter.ts';
import { startOf } from './rollup-cubes.ts';
import { Rollups } from './rollups.ts';
import { Seals } from './seals.ts';
import { Statements } from './statements.ts';
import { recordTransfer, type Transfer } from './transfer-store.ts';
import { UsageCounters } from './usage-counters.ts';
import { UsageCuts } from './usage-cuts.ts';
import { Verification } from './verification.ts';

/** What people used. Attempts are metered in the transaction that settles them, uploads in the one that stores them. */
export class Accounting {
	readonly rollups: Rollups;
	readonly cuts: UsageCuts;
	readonly counters: UsageCounters;
	readonly seals: Seals;
	readonly forgetting: Forgetting;
	readonly verification: Verification;
	readonly prices: PriceBooks;
	readonly requests: RequestMeter;
	readonly statements: Statements;
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #classOf: (ownerSeq: number) => string;

	/**
	 * `classOf`: the service class that somebody is in now; what was used without a task goes by it. `issuer` is who stands
	 * on statements.
	 */
	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		classOf: (ownerSeq: number) => string;
		issuer?: string;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#classOf = options.classOf;
		this.rollups = new Rollups(options);
		this.counters = new UsageCounters(options);
		this.seals = new Seals(options);
		this.forgetting = new Forgetting({ ...options, seals: this.seals });
		this.verification = new Verification({ ...options, rollups: this.rollups, seals: this.seals });
		this.requests = new RequestMeter(options);
		this.prices = new PriceBooks(options);
		this.cuts = new UsageCuts({ ...options, rollups: this.rollups, prices: this.prices });
		this.statements = new Statements({ ...options, rollups: this.rollups, prices: this.prices });
	}

	/** Before anything is metered. */
	async open(): Promise<void> {
		await this.rollups.dropOthers();
		await this.prices.load();
	}

	/** Brings sums and counters up to what was metered, when that is worth it. */
	async keepUp(): Promise<void> {
		await this.rollups.keepUp();
		await this.counters.keepUp();
	}

	/** Closes days that are over, and clears away what verifications have left. */
	async tidy(): Promise<void> {
		await this.seals.sealDue();
		await this.rollups.sweep();
	}

	/**
	 * Adds a record that corrects what somebody owes; what was metered stays as it is. Whoever says
	 * the same again with the same key is told of the first one. Throws `not-found`, `idempotency-mismatch`.
	 */
	async correct(correction: UsageCorrection, by: Doer, key: CorrectionKey | null = null): Promise<UsageCorrected> {
		const now = Date.now();
		const { ownerSeq, ...made } = await this.#ledger.write(addCorrection, { ...correction, key, by, now });
		const from = new Date(startOf('month', now)).toISOString();
		const { total } = await this.cuts.own(ownerSeq, { from });
		return { ...made, monthMicro: total.amountMicro };
	}

	/** The records that a sum is made of, the newest first. */
	async records(query: UsageRecordQuery): Promise<UsageRecordPage> {
		const { limit, cursor, from, to, ...narrowed } = query;
		const { items, next, keptFrom } = await this.#ledger.read(listUsageRecords, {
			...{ limit, before: readSeqCursor(cursor) },
			filter: {
				...narrowed,
				from: from === undefined ? 0 : Date.parse(from),
				to: to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to),
			},
		});
		return {
			items: items.map(({ seq, at, charged, wallUs, cpuUs, ...rest }) => ({
				...rest,
				record: seq,
				at: new Date(at).toISOString(),
				charged: charged === 1,
				wallMs: wallUs / 1_000,
				cpuMs: cpuUs / 1_000,
			})),
			nextCursor: next === null ? null : writeSeqCursor(next),
			keptFrom: keptFrom === null ? null : new Date(keptFrom).toISOString(),
		};
	}

	/** Meters what everybody's files took since the last time. */
	async meterStorage(now = Date.now()): Promise<void> {
		for (let after: number | null = 0; after !== null; ) {
			const page: { people: number[]; next: number | null } = await this.#ledger.read(readStorers, { after });
			const people = page.people.map((ownerSeq) => [ownerSeq, this.#classOf(ownerSeq)] as const);
			await this.#ledger.write(meterStorage, { now, people }, { patient: true });
			after = page.next;
		}
	}

	/** Meters a download after it has ended, with what was really sent; never rejects. */
	async recordTransfer(transfer: Transfer): Promise<void> {
		await this.#ledger.write(recordTransfer, transfer).catch((error: unknown) => {
			this.#logger.error({ err: error, transfer }, 'a transfer could not be metered');
		});
	}
}
