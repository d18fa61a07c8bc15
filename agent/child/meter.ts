import { readFileSync, writeFileSync } from 'node:fs';
import { type CpuTime, cpuSince, groupCpu, NO_CPU, ownCpu } from '../tasks/cpu-time.ts';
import type { RunUsage } from '../tasks/run-usage.ts';
import type { MemorySampler } from './memory-sampler.ts';

/** Clock ticks of /proc a second; fixed in Linux's interface to programs. */
const TICKS_PER_SECOND = 100;
const MIB = 1024 * 1024;
/** What getrusage counts storage in. */
const BLOCK_BYTES = 512;

const isLinux = process.platform === 'linux';

/** CPU of ended and awaited child processes and of theirs, in steps of clock ticks; none where there is no /proc. */
const awaitedCpu = (): CpuTime => {
	if (!isLinux) return NO_CPU;
	const stat = readFileSync('/proc/self/stat', 'latin1');
	// Fields are counted after the name, which may contain anything: cutime and cstime are numbers 16 and 17.
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const us = (at: number) => (Number(fields[at]) * 1e6) / TICKS_PER_SECOND;
	return { totalUs: us(13) + us(14), systemUs: us(14) };
};

/** Storage that this process and its awaited children have read and written. */
const storageIo = (): { read: number; written: number } => {
	try {
		const text = readFileSync('/proc/self/io', 'latin1');
		const of = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
		return { read: of('read_bytes'), written: of('write_bytes') };
	} catch {
		// Not everywhere is a process told.
		return { read: 0, written: 0 };
	}
};

const resetPeak = (): void => {
	if (!isLinux) return;
	try {
		writeFileSync('/proc/self/clear_refs', '5');
	} catch {
		// Some containers mount /proc read-only: the peak is then that of the process's life.
	}
};

const peakBytes = (): number => {
	if (!isLinux) return process.memoryUsage.rss();
	const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'));
	return match ? Number(match[1]) * 1024 : process.memoryUsage.rss();
};

const ms = (us: number): number => us / 1_000;

/** CPU so far, of this process and of its group or of what it has awaited; in this order, since the first brings the second up to now. */
export const cpuSoFar = (group: string | null): { own: CpuTime; tree: CpuTime; isGroup: boolean } => {
	const own = ownCpu();
	const tree = group === null ? null : groupCpu(group);
	return { own, tree: tree ?? awaitedCpu(), isGroup: tree !== null };
};

/** Measures one run of task code in this process. */
export class Meter {
	readonly #startedAt = performance.now();
	readonly #rssBefore = process.memoryUsage.rss();
	readonly #before: NodeJS.ResourceUsage;

	constructor() {
		resetPeak();
		this.#before = process.resourceUsage();
	}

	read(): RunUsage {
		const [before, now] = [this.#before, process.resourceUsage()];
		const systemUs = now.systemCPUTime - before.systemCPUTime;
		const meanBytes = (this.#rssBefore + process.memoryUsage.rss()) / 2;
		return {
			cpuMs: ms(now.userCPUTime - before.userCPUTime + systemUs),
			systemMs: ms(systemUs),
			peakMemoryBytes: peakBytes(),
			memoryMibMs: (meanBytes / MIB) * (performance.now() - this.#startedAt),
			readBytes: (now.fsRead - before.fsRead) * BLOCK_BYTES,
			writtenBytes: (now.fsWrite - before.fsWrite) * BLOCK_BYTES,
			measured: 'rusage',
		};
	}
}

/**
 * Measures a program with all that it starts, and not this process, which only watches it. In a control group that is
 * what the group has used beyond this process; else what was awaited, in clock ticks.
 */
export class CommandMeter {
	readonly #group: string | null;
	readonly #sampler: MemorySampler;
	readonly #before: ReturnType<typeof cpuSoFar>;
	readonly #io = storageIo();

	constructor(group: string | null, sampler: MemorySampler, before: ReturnType<typeof cpuSoFar>) {
		this.#sampler = sampler;
		this.#group = before.isGroup ? group : null;
		this.#before = before;
	}

	read(): RunUsage {
		const now = cpuSoFar(this.#group);
		const tree = cpuSince(now.tree, this.#before.tree);
		const cpu = now.isGroup ? cpuSince(tree, cpuSince(now.own, this.#before.own)) : tree;
		const io = storageIo();
		return {
			cpuMs: ms(cpu.totalUs),
			systemMs: ms(cpu.systemUs),
			...this.#sampler.end(),
			readBytes: io.read - this.#io.read,
			writtenBytes: io.written - this.#io.written,
			measured: now.isGroup ? 'cgroup' : 'proc',
		};
	}
}

/** Looking at the memory costs more than an instant run: one look is good for so long. */
const LOOK_EVERY_MS = 100;

/** Measures runs of microseconds: the CPU time of each, and now and then a look at the memory. */
export class InstantMeter {
	#memory = 0;
	#lookedAt = Number.NEGATIVE_INFINITY;
	#lastAt = 0;
	#last: NodeJS.CpuUsage = { user: 0, system: 0 };

	/** Before the first of some runs in a row. */
	start(): void {
		const now = performance.now();
		if (now - this.#lookedAt > LOOK_EVERY_MS) {
			this.#lookedAt = now;
			this.#memory = process.memoryUsage.rss();
		}
		this.#lastAt = now;
		this.#last = process.cpuUsage();
	}

	read(): RunUsage {
		const last = this.#last;
		const lastAt = this.#lastAt;
		const now = process.cpuUsage();
		this.#last = now;
		this.#lastAt = performance.now();
		const systemUs = now.system - last.system;
		return {
			cpuMs: ms(now.user - last.user + systemUs),
			systemMs: ms(systemUs),
			peakMemoryBytes: this.#memory,
			memoryMibMs: Math.round((this.#memory / MIB) * (this.#lastAt - lastAt)),
			measured: 'rusage',
		};
	}
}
