import type { Ledger } from '../database/ledger.ts';
import { findIdleBlobs, findUnknownBlobs, forgetIdleBlob } from './blob-row-store.ts';
import type { BlobStore } from './blob-store.ts';

/** Idle blobs that are looked up at once. */
const PAGE = 500;

/**
 * Removes content that nothing refers to any more. Each hash is swept alone (`BlobHolds`): an upload of the same content
 * either holds it before, and then it stays, or waits until file and row are gone, and then brings both anew.
 */
export class BlobSweep {
	readonly #ledger: Ledger;
	readonly #blobs: BlobStore;

	constructor(options: { ledger: Ledger; blobs: BlobStore }) {
		this.#ledger = options.ledger;
		this.#blobs = options.blobs;
	}

	/** Removes blobs whose last reference went before the instant: the file, then the row. Gives how many. */
	async sweepIdle(before: number): Promise<number> {
		let swept = 0;
		for (;;) {
			const idle = await this.#ledger.read(findIdleBlobs, { before, limit: PAGE });
			let removed = 0;
			for (const sha256 of idle) {
				await this.#blobs.holds.alone(sha256, () =>
					this.#blobs.remove(sha256, async () => {
						// Says no when something refers to it by now.
						const gone = await this.#ledger.write(forgetIdleBlob, { sha256 });
						if (gone) removed += 1;
						return gone;
					}),
				);
			}
			swept += removed;
			// Held ones stay in the list; they are for another time.
			if (idle.length < PAGE || removed === 0) return swept;
		}
	}

	/** Removes files on disk that no row knows, left by a crash between keeping and committing. Gives how many. */
	async sweepOrphans(writtenBefore: number): Promise<number> {
		let swept = 0;
		for await (const hashes of this.#blobs.writtenBefore(writtenBefore)) {
			for (const sha256 of await this.#ledger.read(findUnknownBlobs, { hashes })) {
				if (await this.removeOrphan(sha256)) swept += 1;
			}
		}
		return swept;
	}

	/** Removes one file unless a row knows it or somebody holds it. */
	async removeOrphan(sha256: string): Promise<boolean> {
		let removed = false;
		await this.#blobs.holds.alone(sha256, async () => {
			// Looked up again, now that nobody can be committing it.
			const unknown = await this.#ledger.read(findUnknownBlobs, { hashes: [sha256] });
			if (unknown.length === 0) return;
			await this.#blobs.remove(sha256, async () => true);
			removed = true;
		});
		return removed;
	}
}
