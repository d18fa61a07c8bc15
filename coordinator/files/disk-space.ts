import { statfs } from 'node:fs/promises';
import { diskFull } from '../database/disk-full.ts';

/** What bytes are for: uploads stop at the watermark; what attempts hand in goes on down to the reserve. */
export type SpacePurpose = 'upload' | 'output';

const GIB = 1024 ** 3;
/** How old the last look at the disk may be. */
const LOOK_EVERY_MS = 1_000;
/** Bytes at the watermark of which only attempts' outputs may use three quarters; the rest is the ledger's. */
const RESERVE_SHARE = 0.25;

const NEARLY_FULL = 'The coordinator’s disk is nearly full: what is left is kept for the work that is under way.';

/** Keeps some of the disk free, so that finished work can still be handed in and the ledger can still write. */
export class DiskSpace {
	readonly #folder: string;
	readonly #watermark: number | null;
	#look: { at: number; free: number; total: number } | null = null;
	#looking: Promise<void> | null = null;

	/** `watermark` in bytes; null means the larger of 5 % of the disk and 1 GiB. */
	constructor(folder: string, watermark: number | null) {
		this.#folder = folder;
		this.#watermark = watermark;
	}

	/** Throws `disk-full` when so many more bytes would leave less free than must stay free. Looks at most every second. */
	async require(bytes: number, purpose: SpacePurpose): Promise<void> {
		const { free, total } = await this.#current();
		const watermark = this.#watermark ?? Math.max(total * 0.05, GIB);
		const floor = purpose === 'upload' ? watermark : watermark * RESERVE_SHARE;
		if (free - bytes < floor) throw diskFull(NEARLY_FULL, undefined, { retryAfter: 60 });
		this.took(bytes);
	}

	/** So many bytes are about to be written: they are gone already for whoever asks before the next look. */
	took(bytes: number): void {
		if (this.#look) this.#look.free -= bytes;
	}

	/** Whether `require` would look at the disk again; spares the caller a promise for each piece. */
	get isStale(): boolean {
		return this.#look === null || performance.now() - this.#look.at >= LOOK_EVERY_MS;
	}

	/** Bytes free for us and bytes in all, for metrics. */
	async measure(): Promise<{ free: number; total: number; watermark: number }> {
		const { free, total } = await this.#current();
		return { free, total, watermark: this.#watermark ?? Math.max(total * 0.05, GIB) };
	}

	async #current(): Promise<{ free: number; total: number }> {
		if (this.isStale) {
			this.#looking ??= this.#lookNow().finally(() => {
				this.#looking = null;
			});
			await this.#looking;
		}
		return this.#look!;
	}

	async #lookNow(): Promise<void> {
		const { bavail, blocks, bsize } = await statfs(this.#folder);
		this.#look = { at: performance.now(), free: bavail * bsize, total: blocks * bsize };
	}
}
