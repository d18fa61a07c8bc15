import { execFile } from 'node:child_process';
import type { NodeMetrics } from '../../shared/protocol/node.ts';

export type GpuMetrics = Pick<NodeMetrics, 'gpuLoad' | 'gpuMemoryUsedBytes' | 'gpuMemoryTotalBytes'>;

const MIB = 1024 * 1024;
const ASK = ['--query-gpu=utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits'];
const EVERY_MS = 5_000;
/** After a failure it is left alone for longer: a driver that is broken now is so in five seconds too. */
const AFTER_FAILURE_MS = 60_000;
const ANSWER_WITHIN_MS = 4_000;
const MOST_OUTPUT = 64 * 1024;

/** All GPUs of the machine taken together, from what `nvidia-smi` says; null when that is not what was asked for. */
export const parseGpus = (text: string): GpuMetrics | null => {
	const loads: number[] = [];
	let used = 0;
	let total = 0;
	for (const line of text.split('\n')) {
		const [load, memoryUsed, memoryTotal] = line.split(',').map((field) => Number.parseFloat(field));
		// A card that does not tell its load says [N/A].
		if (load === undefined || !(load >= 0 && load <= 100)) continue;
		loads.push(load / 100);
		if (memoryUsed !== undefined && memoryUsed >= 0) used += memoryUsed * MIB;
		if (memoryTotal !== undefined && memoryTotal >= 0) total += memoryTotal * MIB;
	}
	if (loads.length === 0) return null;
	const gpuLoad = loads.reduce((sum, load) => sum + load, 0) / loads.length;
	return { gpuLoad, gpuMemoryUsedBytes: Math.round(used), gpuMemoryTotalBytes: Math.round(total) };
};

/** Asks `nvidia-smi` now and then, one question at a time; what it said last stands until it has said something else. */
export class GpuMeter {
	readonly #program: string | null;
	readonly #now: () => number;
	#last: GpuMetrics = {};
	#askAt = Number.NEGATIVE_INFINITY;
	#asking: Promise<void> | null = null;
	readonly #closing = new AbortController();

	/** `program` is the path of `nvidia-smi`; null: there is none, and nothing is ever started. */
	constructor(program: string | null, now: () => number = () => performance.now()) {
		this.#program = program;
		this.#now = now;
	}

	/** What is known, at once; asks anew when it is time. */
	read(): GpuMetrics {
		if (this.#program !== null && !this.#asking && this.#now() >= this.#askAt) {
			this.#asking = this.#ask(this.#program).finally(() => {
				this.#asking = null;
			});
		}
		return this.#last;
	}

	/** Resolves when the question under way, if any, is over. */
	async settled(): Promise<void> {
		await this.#asking;
	}

	close(): void {
		this.#closing.abort();
	}

	async #ask(program: string): Promise<void> {
		const found = parseGpus(await this.#run(program));
		this.#last = found ?? {};
		this.#askAt = this.#now() + (found ? EVERY_MS : AFTER_FAILURE_MS);
	}

	/** Its output; empty when it failed, was too slow or said too much. */
	#run(program: string): Promise<string> {
		const limits = { timeout: ANSWER_WITHIN_MS, killSignal: 'SIGKILL' as const, maxBuffer: MOST_OUTPUT };
		return new Promise((resolve) => {
			execFile(program, ASK, { ...limits, signal: this.#closing.signal }, (error, output) =>
				resolve(error ? '' : output),
			);
		});
	}
}
