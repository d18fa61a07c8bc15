import { readFileSync } from 'node:fs';
import { familyOf } from './descendants.ts';

const FIRST_MS = 5;
/** Looks become rarer until there are four a second. */
const LONGEST_MS = 250;
const MIB = 1024 * 1024;

const membersOf = (group: string): number[] => {
	try {
		return readFileSync(`${group}/cgroup.procs`, 'latin1').split('\n').filter(Boolean).map(Number);
	} catch {
		return [];
	}
};

/** Resident memory of a process now, and the most that it has had; nothing of one that is gone. */
const memoryOf = (pid: number): { now: number; most: number } => {
	let text = '';
	try {
		text = readFileSync(`/proc/${pid}/status`, 'latin1');
	} catch {
		// It ended between the list and the look.
	}
	const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
	return { now: of('VmRSS'), most: of('VmHWM') };
};

/** Looks at the memory of a program and all that it starts, often at first, since most programs are short. */
export class MemorySampler {
	readonly #group: string | null;
	readonly #onLook: () => void;
	#pid: number | null = null;
	#timer: NodeJS.Timeout | null = null;
	#waitMs = FIRST_MS;
	#peak = 0;
	#mibMs = 0;
	#last: { at: number; bytes: number } | null = null;

	constructor(group: string | null, onLook: () => void) {
		this.#group = group;
		this.#onLook = onLook;
	}

	/** The program has been started. */
	begin(pid: number): void {
		this.#pid = pid;
		this.#look();
	}

	/** What was seen until now; there are no more looks. */
	end(): { peakMemoryBytes: number; memoryMibMs: number } {
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		this.#add(this.#last?.bytes ?? 0);
		this.#pid = null;
		return { peakMemoryBytes: this.#peak, memoryMibMs: this.#mibMs };
	}

	#look(): void {
		const pid = this.#pid;
		if (pid === null) return;
		const members = this.#group === null ? familyOf(pid).map((member) => member.pid) : membersOf(this.#group);
		let bytes = 0;
		for (const member of members) {
			if (member === process.pid) continue;
			const { now, most } = memoryOf(member);
			bytes += now;
			this.#peak = Math.max(this.#peak, most);
		}
		this.#peak = Math.max(this.#peak, bytes);
		this.#add(bytes);
		this.#onLook();
		this.#timer = setTimeout(() => this.#look(), this.#waitMs);
		this.#timer.unref();
		this.#waitMs = Math.min(LONGEST_MS, this.#waitMs * 2);
	}

	/** Between two looks it was the mean of both. */
	#add(bytes: number): void {
		const at = performance.now();
		if (this.#last) this.#mibMs += (((this.#last.bytes + bytes) / 2) * (at - this.#last.at)) / MIB;
		this.#last = { at, bytes };
	}
}
