import { statfs } from 'node:fs/promises';
import type { NodeMetrics } from '../../shared/protocol/node.ts';

type DiskMetrics = Pick<NodeMetrics, 'diskUsedBytes' | 'diskTotalBytes'>;

const EVERY_MS = 5_000;

/** How full the disk of a folder is. Asked beside everything else: a disk that hangs must not hold up the agent. */
export class DiskMeter {
	readonly #folder: string;
	#last: DiskMetrics = {};
	#askAt = Number.NEGATIVE_INFINITY;
	#asking = false;

	constructor(folder: string) {
		this.#folder = folder;
	}

	/** What is known, at once; asks anew when it is time. */
	read(now: number): DiskMetrics {
		if (!this.#asking && now >= this.#askAt) {
			this.#asking = true;
			this.#askAt = now + EVERY_MS;
			void this.#ask();
		}
		return this.#last;
	}

	async #ask(): Promise<void> {
		try {
			const { bsize, blocks, bavail } = await statfs(this.#folder);
			// What only root may still write counts as used: tasks cannot have it.
			this.#last = { diskUsedBytes: (blocks - bavail) * bsize, diskTotalBytes: blocks * bsize };
		} catch {
			this.#last = {};
		} finally {
			this.#asking = false;
		}
	}
}
