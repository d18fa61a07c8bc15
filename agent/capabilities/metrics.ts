import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { DiskMeter } from './disk-meter.ts';
import { GpuMeter } from './gpu.ts';
import { Pace } from './pace.ts';
import { deviceOf, diskTotals, networkTotals } from './proc-counters.ts';

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

/** A file of the kernel's; null where there is none, as on other systems. Such files lie in memory: reading one does not wait. */
const kernelFile = (path: string): string | null => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return null;
	}
};

const deviceOfFolder = (folder: string): ReturnType<typeof deviceOf> | null => {
	try {
		return deviceOf(statSync(folder).dev);
	} catch {
		return null;
	}
};

/** How the machine and this process are doing, over the time since the last look. What cannot be known here is left out. */
export class Metrics {
	readonly #lag: IntervalHistogram = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
	readonly #cacheBytes: () => number;
	readonly #device: ReturnType<typeof deviceOf> | null;
	readonly #disk: DiskMeter;
	readonly #gpu: GpuMeter;
	readonly #network = new Pace();
	readonly #diskPace = new Pace();
	#cpu = cpuTimes();

	/** `folder` is where the work lies: its disk counts. `nvidiaSmi` is the path of that program, if there is one. */
	constructor(options: { cacheBytes: () => number; folder: string; nvidiaSmi: string | null }) {
		this.#cacheBytes = options.cacheBytes;
		this.#device = deviceOfFolder(options.folder);
		this.#disk = new DiskMeter(options.folder);
		this.#gpu = new GpuMeter(options.nvidiaSmi);
		this.#lag.enable();
	}

	read(): NodeMetrics {
		const now = performance.now();
		const cpu = cpuTimes();
		const total = cpu.total - this.#cpu.total;
		const cpuLoad = total > 0 ? Math.min(1, Math.max(0, (cpu.busy - this.#cpu.busy) / total)) : 0;
		this.#cpu = cpu;
		// The histogram holds the timer's own period too.
		const lagMs = Math.max(0, Math.round(this.#lag.max / 1e6) - LAG_RESOLUTION_MS);
		this.#lag.reset();
		const network = this.#network.per(networkTotals(kernelFile('/proc/net/dev') ?? ''), now);
		const disk = this.#diskPace.per(this.#device && diskTotals(kernelFile('/proc/diskstats') ?? '', this.#device), now);
		return {
			cpuLoad: Math.round(cpuLoad * 10_000) / 10_000,
			load1: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
			memoryUsedBytes: Math.max(0, os.totalmem() - os.freemem()),
			eventLoopLagMs: lagMs,
			cacheBytes: this.#cacheBytes(),
			clock: Date.now(),
			...(network && { networkInBytesPerSecond: network.in, networkOutBytesPerSecond: network.out }),
			...(disk && { diskReadBytesPerSecond: disk.in, diskWriteBytesPerSecond: disk.out }),
			...this.#disk.read(now),
			...this.#gpu.read(),
		};
	}

	close(): void {
		this.#lag.disable();
		this.#gpu.close();
	}
}
