import type { ReportedUsage } from '../../shared/protocol/agent-link.ts';
import type { UsageMeasure } from '../../shared/protocol/task.ts';
import { type CpuTime, cpuSince, NO_CPU } from '../tasks/cpu-time.ts';
import type { RunUsage } from '../tasks/run-usage.ts';
import type { ControlGroup } from './control-groups.ts';
import { cpuOf, type ProcessFacts } from './process-table.ts';

const MIB = 1024 * 1024;

/** Milliseconds cut to a thousandth, so that tasks of microseconds still add up. */
export const toMicroseconds = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);

const sum = (times: readonly CpuTime[]): CpuTime =>
	times.reduce(
		(total, { totalUs, systemUs }) => ({ totalUs: total.totalUs + totalUs, systemUs: total.systemUs + systemUs }),
		NO_CPU,
	);

interface Measured {
	cpu: CpuTime;
	measured: UsageMeasure;
}

/** What one run in a child uses, as seen from outside: its memory while it runs, and its CPU when its child cannot tell any more. */
class Outside {
	readonly #pid: number;
	readonly #group: ControlGroup | null;
	/** A command is charged for its own processes, not for the one of ours that watches it. */
	readonly #isCommand: boolean;
	#begun: { own: CpuTime; tree: CpuTime } | null = null;
	#ownAfter: CpuTime | null = null;

	constructor(pid: number, group: ControlGroup | null, isCommand: boolean) {
		this.#pid = pid;
		this.#group = group;
		this.#isCommand = isCommand;
	}

	begin({ own, tree }: { own: CpuTime; tree: CpuTime }): void {
		this.#begun = { own, tree };
	}

	watching(own: CpuTime): void {
		this.#ownAfter = own;
	}

	get hasGroup(): boolean {
		return this.#group !== null;
	}

	isChild(pid: number): boolean {
		return pid === this.#pid;
	}

	/**
	 * The tree has been stopped, or is only looked at: by its processes. Before its child has told that it began, a program
	 * is known by what lives of it, and task code has used nothing.
	 */
	ofTree(tree: readonly ProcessFacts[]): Measured | null {
		const rest = tree.filter(({ pid }) => pid !== this.#pid).map(({ cpu }) => cpu);
		if (this.#begun === null) return this.#isCommand ? { cpu: sum(rest), measured: 'proc' } : null;
		const watcher = cpuOf(this.#pid);
		this.#ownAfter = watcher.own;
		const own = this.#isCommand ? NO_CPU : cpuSince(watcher.own, this.#begun.own);
		// Of those that have ended. A group's figure is no beginning for them, and is not needed.
		const awaited = this.#group ? NO_CPU : cpuSince(watcher.children, this.#begun.tree);
		return { cpu: sum([...rest, own, awaited]), measured: 'proc' };
	}

	/** By the group; null when there is none, or before the run has begun. */
	ofGroup(): Measured | null {
		const now = this.#group?.cpu() ?? null;
		if (now === null || this.#begun === null) return null;
		const all = cpuSince(now, this.#begun.tree);
		if (!this.#isCommand) return { cpu: all, measured: 'cgroup' };
		return { cpu: cpuSince(all, cpuSince(this.#ownAfter ?? this.#begun.own, this.#begun.own)), measured: 'cgroup' };
	}
}

/** What an attempt uses, whoever tells: its child when a run ends well, the kernel when the child has died. */
export class AttemptMeter {
	readonly #isCommand: boolean;
	readonly #outside: Outside | null;
	readonly #startedAt: number;
	#used: RunUsage = { cpuMs: 0, systemMs: 0, peakMemoryBytes: 0, memoryMibMs: 0, measured: 'none' };
	#memory: { at: number; bytes: number } | null = null;
	#isKilled = false;
	#gpuMs = 0;

	/** `outside` is null for runs of microseconds: looking costs more than they do. */
	constructor(startedAt: number, outside: { pid: number; group: ControlGroup | null; isCommand: boolean } | null) {
		this.#startedAt = startedAt;
		this.#isCommand = outside?.isCommand ?? false;
		this.#outside = outside && outside.pid > 1 ? new Outside(outside.pid, outside.group, outside.isCommand) : null;
	}

	get peakMemoryBytes(): number {
		return this.#used.peakMemoryBytes;
	}

	/** Its child has begun with it. */
	begun(from: { own: CpuTime; tree: CpuTime }): void {
		this.#outside?.begin(from);
	}

	/** Its program runs; its watcher had used so much by then. */
	watching(own: CpuTime): void {
		this.#outside?.watching(own);
	}

	/** Looked at while it runs: what its processes have in memory, and what they are. */
	look(at: number, memoryBytes: number, tree: readonly ProcessFacts[]): void {
		this.#noteMemory(at, memoryBytes);
		// Should its child die, this is all that will be known of its CPU.
		if (this.#outside && !this.#outside.hasGroup) this.#take(this.#outside.ofTree(tree));
	}

	/** Resident memory as it is now; between two looks it was the mean of both, before the first as at the first. */
	#noteMemory(at: number, bytes: number): void {
		const { at: lastAt, bytes: lastBytes } = this.#memory ?? { at: this.#startedAt, bytes };
		this.#used.memoryMibMs += (((lastBytes + bytes) / 2) * Math.max(0, at - lastAt)) / MIB;
		this.#used.peakMemoryBytes = Math.max(this.#used.peakMemoryBytes, bytes);
		this.#memory = { at, bytes };
	}

	/** Its child has told the end. */
	done(told: RunUsage, now: number): void {
		const peakMemoryBytes = Math.max(told.peakMemoryBytes, this.#used.peakMemoryBytes);
		// A run of task code keeps its child from looking meanwhile; what was seen from here is better then.
		const seen = this.#memory === null || this.#isCommand ? null : this.#memory;
		if (seen) this.#noteMemory(now, seen.bytes);
		this.#used = { ...told, peakMemoryBytes, memoryMibMs: seen ? this.#used.memoryMibMs : told.memoryMibMs };
	}

	/** Its processes are being killed; those of a command that has ended are what it has left running. */
	killed(tree: readonly ProcessFacts[], now: number): void {
		if (!this.#outside) return;
		const seen = tree.filter(({ pid }) => !this.#isCommand || !this.#outside?.isChild(pid));
		this.#noteMemory(
			now,
			seen.reduce((bytes, { memoryBytes }) => bytes + memoryBytes, 0),
		);
		// First the tree: it brings the watcher's own use up to now. Dying costs CPU as well, and the watcher's death is ours.
		const ofTree = this.#outside.ofTree(tree);
		this.#take(this.#outside.ofGroup() ?? ofTree);
		this.#isKilled = true;
	}

	/** One of its processes has computed so long on a GPU. */
	computedOnGpu(ms: number): void {
		this.#gpuMs += ms;
	}

	/** What a command left running beyond its end was killed: it is charged for that as well. */
	leftOver(tree: readonly ProcessFacts[]): void {
		// A group has counted them.
		if (this.#used.measured !== 'proc') return;
		const { totalUs, systemUs } = sum(tree.map(({ cpu }) => cpu));
		this.#used.cpuMs += totalUs / 1_000;
		this.#used.systemMs += systemUs / 1_000;
	}

	/** Its child is gone without having told the end. */
	gone(now: number): void {
		if (this.#memory) this.#noteMemory(now, this.#memory.bytes);
		// What it killed with it has been measured.
		if (!this.#isKilled) this.#take(this.#outside?.ofGroup() ?? null);
	}

	/** Writes what is known into a report; this is done tens of thousands of times a second. */
	tell(usage: ReportedUsage): void {
		const { cpuMs, systemMs, peakMemoryBytes, memoryMibMs, readBytes = 0, writtenBytes = 0, measured } = this.#used;
		usage.cpuMs = toMicroseconds(cpuMs);
		usage.systemMs = toMicroseconds(Math.min(systemMs, cpuMs));
		usage.peakMemoryBytes = peakMemoryBytes;
		usage.memoryMibMs = Math.round(memoryMibMs);
		if (readBytes > 0) usage.readBytes = readBytes;
		if (this.#gpuMs > 0) usage.gpuMs = toMicroseconds(this.#gpuMs);
		if (writtenBytes > 0) usage.writtenBytes = writtenBytes;
		usage.measured = measured;
	}

	#take(found: Measured | null): void {
		if (found === null) return;
		// A process that has died is seen no more, in a look after the kill for one, and yet what it used is used.
		const isLess = found.measured === 'proc' && found.cpu.totalUs / 1_000 < this.#used.cpuMs;
		if (isLess && this.#used.measured === 'proc') return;
		this.#used.cpuMs = found.cpu.totalUs / 1_000;
		this.#used.systemMs = found.cpu.systemUs / 1_000;
		this.#used.measured = found.measured;
	}
}
