import { CodedError } from '../../shared/coded-error.ts';
import type { UsageAnswer, UsageCut, UsageCutQuery } from '../../shared/protocol/usage.ts';
import type { UsageByFile, UsageByTask, UsageListQuery } from '../../shared/protocol/usage-list.ts';
import type { Ledger } from '../database/ledger.ts';
import { readOwnCorrections } from './correction-store.ts';
import { type CutRow, readCut, readOwnUsage } from './cut-store.ts';
import type { PriceBooks } from './price-books.ts';
import { DAY_MS, HOUR_MS } from './rollup-cubes.ts';
import type { Rollups } from './rollups.ts';
import { readUsageByFile, readUsageByTask } from './usage-list-store.ts';
import { addSums, NO_SUMS, sharesOf, usageSumsOf } from './usage-sums.ts';

const MONTH_MS = 31 * DAY_MS;
/** A year and the hours that are rounded up. */
const LONGEST_MS = 366 * DAY_MS + 2 * HOUR_MS;
/** So long a time is told at most where the hours themselves are read. */
const LONGEST_BY_HOUR_MS = MONTH_MS + 2 * HOUR_MS;

/** Whole hours around what was asked; throws `invalid` when that is backwards or too long. */
const periodOf = (asked: { from?: string | undefined; to?: string | undefined }, now: number) => {
	const to = asked.to === undefined ? now + 1 : Date.parse(asked.to);
	const from = asked.from === undefined ? to - MONTH_MS : Date.parse(asked.from);
	if (from > to) throw new CodedError('invalid', '`from` lies after `to`.');
	const period = { from: Math.floor(from / HOUR_MS) * HOUR_MS, to: Math.ceil(to / HOUR_MS) * HOUR_MS };
	if (period.to - period.from > LONGEST_MS) {
		throw new CodedError('invalid', 'At most 366 days are summed at once; ask year by year.');
	}
	return period;
};

const zoneMsOf = (zone: string): number => (zone === 'Z' ? 0 : Number(zone.slice(0, 3)) * HOUR_MS);

/** The dearest first, then the longest. */
const byAmount = (a: CutRow, b: CutRow): number => {
	const [one, other] = [usageSumsOf(a.charged), usageSumsOf(b.charged)];
	return other.amountMicro - one.amountMicro || other.wallMs - one.wallMs || other.records - one.records;
};

const listed = <T>(period: { from: number; to: number }, list: { since: number | null; items: T[]; left: number }) => ({
	...{ from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() },
	...{ ...list, since: list.since === null ? null : new Date(list.since).toISOString() },
});

/** What was used, summed and told apart; read from roll-ups that hold all that was metered before the question. */
export class UsageCuts {
	readonly #ledger: Ledger;
	readonly #rollups: Rollups;
	readonly #prices: PriceBooks;
	readonly #now: () => number;

	constructor(options: { ledger: Ledger; rollups: Rollups; prices: PriceBooks; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#rollups = options.rollups;
		this.#prices = options.prices;
		this.#now = options.now ?? Date.now;
	}

	/** One person's, by day (UTC) and kind of work, and the total of exactly these, and why what was corrected. */
	async own(ownerSeq: number, asked: { from?: string | undefined; to?: string | undefined }): Promise<UsageAnswer> {
		const period = periodOf(asked, this.#now());
		await this.#rollups.catchUp();
		const wish = { period, needs: { owner: true, node: false }, keyed: 'day', zoneMs: 0 } as const;
		const rows = await this.#ledger.read(readOwnUsage, { ownerSeq, wish });
		const corrections = await this.#ledger.read(readOwnCorrections, { ownerSeq, ...period });
		return {
			...this.#money(period),
			corrections: corrections.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
			total: usageSumsOf(rows.reduce((sum, row) => addSums(sum, row.sums), NO_SUMS)),
			items: rows.map(({ day, what, sums }) => ({
				day: new Date(day).toISOString().slice(0, 10),
				what,
				...usageSumsOf(sums),
			})),
		};
	}

	/** What amounts are in, and up to when there was no price yet. */
	#money({ from }: { from: number }): Pick<UsageAnswer, 'currency' | 'freeBefore'> {
		const { currency, firstAt } = this.#prices;
		return { currency, freeBefore: firstAt === null || firstAt <= from ? null : new Date(firstAt).toISOString() };
	}

	/** What one person's tasks have used, the dearest first. */
	async ownByTask(ownerSeq: number, query: UsageListQuery): Promise<UsageByTask> {
		const period = periodOf(query, this.#now());
		return listed(period, await this.#ledger.read(readUsageByTask, { ownerSeq, ...period, limit: query.limit }));
	}

	/** What was used for one person's files, the dearest first. */
	async ownByFile(ownerSeq: number, query: UsageListQuery): Promise<UsageByFile> {
		const period = periodOf(query, this.#now());
		return listed(period, await this.#ledger.read(readUsageByFile, { ownerSeq, ...period, limit: query.limit }));
	}

	/** Everybody's, told apart by one dimension. */
	async cut(query: UsageCutQuery): Promise<UsageCut> {
		const { by, zone, owner = null, group = null, queue = null, node = null, type = null, kind = null } = query;
		const period = periodOf(query, this.#now());
		const keyed = by === 'hour' || by === 'day' ? by : null;
		const needs = {
			owner: by === 'owner' || by === 'group' || owner !== null || group !== null,
			node: by === 'node' || node !== null,
		};
		// Of these there are no sums with few rows.
		const isFine = keyed === 'hour' || (keyed === 'day' && (zone !== 'Z' || (group !== null && node !== null)));
		if (isFine && period.to - period.from > LONGEST_BY_HOUR_MS) {
			throw new CodedError(
				'invalid',
				'By hour, by days of another zone than UTC, and by days of a group on one node at most 31 days are told at once.',
			);
		}
		await this.#rollups.catchUp();
		const filter = { owner, group, queue, node, type, kind, serviceClass: query.class ?? null };
		const wish = { period, needs, keyed, zoneMs: zoneMsOf(zone) };
		const { total, items } = await this.#ledger.read(readCut, { wish, by, filter });
		const sorted = keyed ? items.sort((a, b) => (a.key! < b.key! ? -1 : 1)) : items.sort(byAmount);
		return {
			...this.#money(period),
			from: new Date(period.from).toISOString(),
			to: new Date(period.to).toISOString(),
			by,
			total: sharesOf(total),
			items: sorted.slice(0, query.limit).map((row) => ({ key: row.key, name: row.name, ...sharesOf(row) })),
			left: Math.max(0, sorted.length - query.limit),
		};
	}
}
