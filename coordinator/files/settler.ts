import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { findDue, settleDue } from './unsettled-store.ts';

const AT_ONCE = 1_000;
/** The wall clock is read anew so often: it may have been set. */
const LONGEST_SLEEP_MS = 30_000;
const RETRY_MS = 1_000;

/**
 * Lets files settle that clients of the drive were not done with when they came. The ledger knows which, and until when;
 * here is only when to look, so a process that dies loses nothing and the next one begins where it was.
 */
export class Settler implements AsyncDisposable {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #happened: (last: number) => void;
	/** Uploads that have begun, by person and path, and how many. */
	readonly #underWay = new Map<string, number>();
	#timer: NodeJS.Timeout | null = null;
	#looking: Promise<void> | null = null;
	#isAskedAgain = false;
	#isClosed = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		/** Told after each commit which happening is the newest. */
		happened: (last: number) => void;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#happened = options.happened;
	}

	/** Content for the path is on its way until the returned function is called: what is there does not settle meanwhile. */
	expect(ownerSeq: number, path: string): () => void {
		const key = keyOf(ownerSeq, path);
		this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
		return () => {
			const left = (this.#underWay.get(key) ?? 1) - 1;
			if (left > 0) this.#underWay.set(key, left);
			else this.#underWay.delete(key);
		};
	}

	/** Something waits, or waits no longer: looks now. Also at the start. */
	wake(): void {
		this.#isAskedAgain = true;
		if (this.#isClosed) return;
		this.#looking ??= this.#look().finally(() => {
			this.#looking = null;
			if (this.#isAskedAgain) this.wake();
		});
	}

	/** Until all that is due now has settled. For tests. */
	async settled(): Promise<void> {
		while (this.#looking) await this.#looking;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#isClosed = true;
		if (this.#timer !== null) clearTimeout(this.#timer);
		await this.#looking;
	}

	async #look(): Promise<void> {
		let waitMs: number | null = null;
		try {
			while (this.#isAskedAgain && !this.#isClosed) {
				this.#isAskedAgain = false;
				const now = Date.now();
				const { due, nextAt } = await this.#ledger.read(findDue, { now, limit: AT_ONCE });
				if (due.length > 0) {
					this.#isAskedAgain = true;
					const underWay = due.filter(({ ownerSeq, path }) => this.#underWay.has(keyOf(ownerSeq, path)));
					const files = seqsOf(due);
					this.#happened(await this.#ledger.write(settleDue, { files, underWay: seqsOf(underWay), now }));
				}
				waitMs = nextAt === null ? null : Math.max(nextAt - now, 0);
			}
		} catch (error) {
			if (this.#isClosed) return;
			this.#logger.error({ err: error }, 'files that are due could not settle; trying again in a second');
			this.#isAskedAgain = false;
			waitMs = RETRY_MS;
		}
		this.#arm(waitMs);
	}

	#arm(waitMs: number | null): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		if (waitMs === null || this.#isClosed) return;
		this.#timer = setTimeout(() => this.wake(), Math.min(waitMs, LONGEST_SLEEP_MS));
	}
}

const keyOf = (ownerSeq: number, path: string): string => `${ownerSeq} ${path}`;
const seqsOf = (files: readonly { fileSeq: number }[]): number[] => files.map(({ fileSeq }) => fileSeq);
