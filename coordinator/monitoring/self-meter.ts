import { stat } from 'node:fs/promises';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { WaitHistogram } from '../scheduler/wait-histogram.ts';

const LAG_RESOLUTION_MS = 20;
/** Below this share of the space that uploads leave free nothing is measured on disk any more. */
const LEFT_SHARE = 0.25;

export interface SelfPace {
	/** Cores. */
	cpuLoad: number;
	memoryBytes: number;
	eventLoopLagMs: number;
	commitP50Ms: number | null;
	commitMostMs: number | null;
	commits: number;
}

/** How the coordinator itself is doing: what it uses, how long it is held up, how long the ledger takes to commit. */
export class SelfMeter {
	readonly #lag: IntervalHistogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
	readonly #walFile: string;
	readonly #space: () => Promise<{ free: number; watermark: number }>;
	#cpu = process.cpuUsage();
	#cpuAt = performance.now();
	#commits = new WaitHistogram();
	/** As seen last; looked at beside everything else, since a disk may hang. */
	walBytes: number | null = null;
	diskFreeBytes: number | null = null;
	/** What is left of the disk is kept for the ledger and for work that is under way. */
	isDiskShort = false;
	#looking = false;

	constructor(options: { walFile: string; space: () => Promise<{ free: number; watermark: number }> }) {
		this.#walFile = options.walFile;
		this.#space = options.space;
		this.#lag.enable();
	}

	/** A message of writes was committed after so long. */
	committed(ms: number): void {
		this.#commits.add(ms);
	}

	/** Since the look before. */
	take(): SelfPace {
		const now = performance.now();
		const used = process.cpuUsage(this.#cpu);
		const elapsedUs = Math.max(1, (now - this.#cpuAt) * 1_000);
		this.#cpu = process.cpuUsage();
		this.#cpuAt = now;
		const commits = this.#commits;
		this.#commits = new WaitHistogram();
		const lagMs = Math.max(0, Math.round(this.#lag.max / 1e6) - LAG_RESOLUTION_MS);
		this.#lag.reset();
		return {
			cpuLoad: (used.user + used.system) / elapsedUs,
			memoryBytes: process.memoryUsage.rss(),
			eventLoopLagMs: lagMs,
			commitP50Ms: commits.size === 0 ? null : commits.quantiles([0.5])[0]!,
			commitMostMs: commits.size === 0 ? null : commits.mostMs,
			commits: commits.size,
		};
	}

	/** Looks at the disk, unless it is being looked at. */
	async look(): Promise<void> {
		if (this.#looking) return;
		this.#looking = true;
		try {
			this.walBytes = await stat(this.#walFile).then(
				({ size }) => size,
				() => 0,
			);
			const space = await this.#space().catch(() => null);
			this.diskFreeBytes = space?.free ?? null;
			this.isDiskShort = space !== null && space.free < space.watermark * LEFT_SHARE;
		} finally {
			this.#looking = false;
		}
	}

	close(): void {
		this.#lag.disable();
	}
}
