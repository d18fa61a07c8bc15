import os from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { NodeMetrics } from '../../shared/protocol/node.ts';

const LAG_RESOLUTION_MS = 20;

const cpuTimes = (): { busy: number; total: number } => {
	let busy = 0;
	let total = 0;
	for (const { times } of os.cpus()) {
		const { user, nice, sys, idle, irq } = times;
		busy += user + nice + sys + irq;
		total += user + nice + sys + irq + idle;
	}
	return { busy, total };
};

/** How the machine and this process are doing, over the time since the last look. */
export class Metrics {
	readonly #lag: IntervalHistogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
	readonly #cacheBytes: () => number;
	#cpu = cpuTimes();

	constructor(cacheBytes: () => number) {
		this.#cacheBytes = cacheBytes;
		this.#lag.enable();
	}

	read(): NodeMetrics {
		const cpu = cpuTimes();
		const total = cpu.total - this.#cpu.total;
		const cpuLoad = total > 0 ? Math.min(1, Math.max(0, (cpu.busy - this.#cpu.busy) / total)) : 0;
		this.#cpu = cpu;
		// The histogram holds the timer's own period too.
		const lagMs = Math.max(0, Math.round(this.#lag.max / 1e6) - LAG_RESOLUTION_MS);
		this.#lag.reset();
		return {
			cpuLoad,
			memoryUsedBytes: Math.max(0, os.totalmem() - os.freemem()),
			eventLoopLagMs: lagMs,
			cacheBytes: this.#cacheBytes(),
		};
	}

	close(): void {
		this.#lag.disable();
	}
}
