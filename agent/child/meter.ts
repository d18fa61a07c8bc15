import { readFileSync, writeFileSync } from 'node:fs';

/** Clock ticks of /proc a second; fixed in Linux's interface to programs. */
const TICKS_PER_SECOND = 100;

/** CPU of ended and awaited child processes and of theirs, in milliseconds; 0 where there is no /proc. */
const childrenCpuMs = (): number => {
	if (process.platform !== 'linux') return 0;
	const stat = readFileSync('/proc/self/stat', 'latin1');
	// Fields are counted after the name, which may contain anything: cutime and cstime are numbers 16 and 17.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return ((Number(fields[13]) + Number(fields[14])) * 1000) / TICKS_PER_SECOND;
};

const resetPeak = (): void => {
	if (process.platform !== 'linux') return;
	try {
		writeFileSync('/proc/self/clear_refs', '5');
	} catch {
		// Some containers mount /proc read-only: the peak is then that of the process's life.
	}
};

const peakBytes = (): number => {
	if (process.platform !== 'linux') return process.memoryUsage.rss();
	const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'));
	return match ? Number(match[1]) * 1024 : process.memoryUsage.rss();
};

const ownCpuMs = (): number => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

/** Measures one run: its CPU time and the highest memory of this process meanwhile. */
export class Meter {
	readonly #ownMs: number;
	readonly #childrenMs: number;

	constructor() {
		resetPeak();
		this.#ownMs = ownCpuMs();
		this.#childrenMs = childrenCpuMs();
	}

	read(): { cpuMs: number; peakMemoryBytes: number } {
		const cpuMs = ownCpuMs() - this.#ownMs + childrenCpuMs() - this.#childrenMs;
		return { cpuMs, peakMemoryBytes: peakBytes() };
	}
}

/** Looking at the memory costs more than an instant run: one look is good for so long. */
const LOOK_EVERY_MS = 100;

/** Measures runs of microseconds: the CPU time of each, and now and then a look at the memory. */
export class InstantMeter {
	#memory = 0;
	#lookedAt = Number.NEGATIVE_INFINITY;
	#lastMs = 0;

	/** Before the first of some runs in a row. */
	start(): void {
		const now = performance.now();
		if (now - this.#lookedAt > LOOK_EVERY_MS) {
			this.#lookedAt = now;
			this.#memory = process.memoryUsage.rss();
		}
		this.#lastMs = ownCpuMs();
	}

	read(): { cpuMs: number; peakMemoryBytes: number } {
		const now = ownCpuMs();
		const cpuMs = now - this.#lastMs;
		this.#lastMs = now;
		return { cpuMs, peakMemoryBytes: this.#memory };
	}
}
