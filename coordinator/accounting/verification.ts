import type { UsageVerdict } from '../../shared/protocol/usage.ts';
import type { Ledger } from '../database/ledger.ts';
import { comparePurged, type OddPurged } from './forget-store.ts';
import { checkPurges } from './purge-store.ts';
import { CUBES } from './rollup-cubes.ts';
import type { Rollups } from './rollups.ts';
import type { Seals } from './seals.ts';
import { checkAmounts, compareRollups, type OddAmount, type OddSum } from './verify-store.ts';

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

const wordsOfSum = ({ grain, at, owner, type, kind, there, anew }: OddSum): string =>
	`the sums of the ${grain} ${new Date(at).toISOString()}, ${kind} ${type ?? ''} of person ${owner}, are ${there ?? 'missing'}, and from the records ${anew ?? 'nothing'}. If the seals are whole, make them anew: coordinator usage rebuild`;

const FROM_BACKUP = 'Restore them from a backup of a later day';

const wordsOfAmount = ({ seq, at, version, there, anew }: OddAmount): string =>
	`record ${seq} of ${new Date(at).toISOString()} costs ${there}, and by price version ${version} ${anew ?? 'nothing is known'}`;

const wordsOfPurged = ({ grain, at, owner, kind }: OddPurged): string =>
	`the sums of the ${grain} ${dayOf(at)}, ${kind}${owner === 0 ? '' : ` of person ${owner}`}, are not what was written down when its records went. ${FROM_BACKUP}`;

/**
 * Recomputes from usage records what can be proved by them, and compares: seals, amounts, sums. Not the counters of reports
 * (how an attempt ended goes with its task) nor what was moved in a month. Writes nothing that stays.
 */
export class Verification {
	readonly #ledger: Ledger;
	readonly #rollups: Rollups;
	readonly #seals: Seals;

	constructor(options: { ledger: Ledger; rollups: Rollups; seals: Seals }) {
		this.#ledger = options.ledger;
		this.#rollups = options.rollups;
		this.#seals = options.seals;
	}

	/** `difference` is the first that was found. Throws `conflict` when another one goes on. */
	async run(): Promise<UsageVerdict> {
		const { days, last, broken } = await this.#seals.verify();
		let summedDays = 0;
		const verdict = (records: number, difference: string | null): UsageVerdict => ({
			ok: difference === null,
			records,
			sealedDays: days,
			summedDays,
			lastSeal: last === null ? null : { day: dayOf(last.day), hash: Buffer.from(last.hash).toString('hex') },
			difference,
		});
		if (broken) {
			const { day, firstSeq, lastSeq, records } = broken;
			return verdict(
				0,
				`the records of ${dayOf(day)} (numbers ${firstSeq} to ${lastSeq}, ${records} of them) are not those that were sealed: one was changed, added or removed. ${FROM_BACKUP}`,
			);
		}
		let records = 0;
		for (let after: number | null = 0; after !== null; ) {
			const page: { next: number | null; records: number; odd: OddAmount | null } = await this.#ledger.read(
				checkAmounts,
				{
					after,
				},
			);
			if (page.odd) return verdict(records, wordsOfAmount(page.odd));
			records += page.records;
			after = page.next;
		}
		for (let after: number | null = -1; after !== null; ) {
			const page: { days: number; next: number | null; broken: number | null } = await this.#ledger.read(checkPurges, {
				after,
			});
			summedDays += page.days;
			if (page.broken !== null) {
				const words = `what was written down of ${dayOf(page.broken)} when its records went was changed. ${FROM_BACKUP}`;
				return verdict(records, words);
			}
			after = page.next;
		}
		const oddPurged = await this.#oddPurged();
		if (oddPurged) return verdict(records, wordsOfPurged(oddPurged));
		const odd = await this.#oddSum();
		return verdict(records, odd === null ? null : wordsOfSum(odd));
	}

	async #oddPurged(): Promise<OddPurged | null> {
		for (const { code: cube } of CUBES) {
			for (let from: number | null = 0; from !== null; ) {
				const found: { next: number | null; odd: OddPurged | null } = await this.#ledger.read(comparePurged, {
					...{ cube, from },
				});
				if (found.odd) return found.odd;
				from = found.next;
			}
		}
		return null;
	}

	async #oddSum(): Promise<OddSum | null> {
		const other = await this.#rollups.begin();
		try {
			for (const { code } of CUBES) {
				for (let after: number | null = -1; after !== null; ) {
					const found: { next: number | null; odd: OddSum | null } = await this.#ledger.read(compareRollups, {
						...{ other, cube: code, after },
					});
					if (found.odd) return found.odd;
					after = found.next;
				}
			}
			return null;
		} finally {
			await this.#rollups.end(other, null);
		}
	}
}
