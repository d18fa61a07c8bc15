import type { Ledger } from '../database/ledger.ts';
import { readLastPurged } from './purge-store.ts';
import { DAY_MS } from './rollup-cubes.ts';
import { addSeal, hashUsage, readSealDue, readSeals, type Seal } from './seal-store.ts';

/** So long after midnight a day is sealed: what was metered before it is in the ledger by then. */
export const SETTLED_MS = 5 * 60_000;
/** When the next day is sealed. */
export const nextSealAt = (now: number): number => Math.ceil((now - SETTLED_MS) / DAY_MS) * DAY_MS + SETTLED_MS;

const PAGE = 100;
const CHAIN_START = new Uint8Array(32);

/** Seals each day of usage that is over, and finds out whether what was sealed is still what it was. */
export class Seals {
	readonly #ledger: Ledger;
	readonly #now: () => number;

	constructor(options: { ledger: Ledger; now?: () => number }) {
		this.#ledger = options.ledger;
		this.#now = options.now ?? Date.now;
	}

	/** Seals whatever days are over and not sealed. */
	async sealDue(): Promise<void> {
		for (;;) {
			const due = await this.#ledger.read(readSealDue, { before: this.#now() - SETTLED_MS });
			if (!due) return;
			const { day, lastSeq, previous } = due;
			const after = previous?.lastSeq ?? 0;
			const { firstSeq, records, hash } = await this.#hash(after, lastSeq, previous?.hash ?? CHAIN_START);
			const seal: Seal = { day, firstSeq: firstSeq ?? lastSeq, lastSeq, records, hash };
			await this.#ledger.write(addSeal, { seal, after, now: this.#now() }, { patient: true });
		}
	}

	/** Whether the records of a sealed day are those that were sealed. `previous`: the seal before it. */
	async fits(seal: Seal, previous: Seal | null): Promise<boolean> {
		const made = await this.#hash(previous?.lastSeq ?? 0, seal.lastSeq, previous?.hash ?? CHAIN_START);
		const isWhole = made.records === seal.records && made.firstSeq === seal.firstSeq;
		return isWhole && Buffer.compare(made.hash, seal.hash) === 0;
	}

	/** Makes every seal again whose records are kept. `broken` is the first that does not fit what is there now. */
	async verify(): Promise<{ days: number; last: Seal | null; broken: Seal | null }> {
		let last: Seal | null = await this.#ledger.read(readLastPurged, null);
		let days = 0;
		for (;;) {
			const page: Seal[] = await this.#ledger.read(readSeals, { after: last?.day ?? -1, limit: PAGE });
			for (const seal of page) {
				if (!(await this.fits(seal, last))) return { days, last, broken: seal };
				last = seal;
				days += 1;
			}
			if (page.length < PAGE) return { days, last, broken: null };
		}
	}

	async #hash(after: number, lastSeq: number, previous: Uint8Array) {
		let [seq, hash, records] = [after, previous, 0];
		let firstSeq: number | null = null;
		for (;;) {
			const page = await this.#ledger.read(hashUsage, { after: seq, lastSeq, hash });
			firstSeq ??= page.first;
			({ after: seq, hash } = page);
			records += page.records;
			if (page.done) return { firstSeq, records, hash };
		}
	}
}
