import { readdirSync, readFileSync } from 'node:fs';
import { type CpuTime, NO_CPU } from '../tasks/cpu-time.ts';

/** A clock tick of /proc in microseconds; fixed in Linux's interface to programs. */
const TICK_US = 10_000;

export interface ProcessFacts {
	pid: number;
	parent: number;
	group: number;
	session: number;
	/** With what its ended and awaited children used. */
	cpu: CpuTime;
	memoryBytes: number;
}

const readStat = (pid: number | 'self'): string[] | null => {
	let text: string;
	try {
		text = readFileSync(`/proc/${pid}/stat`, 'latin1');
	} catch {
		// It ended between the listing and the look.
		return null;
	}
	// The name in brackets may hold anything; the fields after it are counted from number 3, the state.
	return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

const measurePageBytes = (): number => {
	const pages = Number(readStat('self')?.[21] ?? 0);
	return pages > 0 ? 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages)) : 4096;
};

const hasProc = process.platform === 'linux';
const PAGE_BYTES = hasProc ? measurePageBytes() : 4096;

const parseFacts = (pid: number, fields: string[]): ProcessFacts => {
	const at = (index: number) => Number(fields[index]);
	return {
		pid,
		parent: at(1),
		group: at(2),
		session: at(3),
		cpu: { totalUs: (at(11) + at(12) + at(13) + at(14)) * TICK_US, systemUs: (at(12) + at(14)) * TICK_US },
		memoryBytes: at(21) * PAGE_BYTES,
	};
};

/** CPU of a process's living threads, as the scheduler counts it. */
const threadsUs = (pid: number): number => {
	let us = 0;
	try {
		for (const thread of readdirSync(`/proc/${pid}/task`)) {
			const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1');
			us += Number(text.slice(0, text.indexOf(' '))) / 1_000;
		}
	} catch {
		// A kernel without it, or the process has just ended: what is known in ticks stands.
	}
	return Math.round(us);
};

/**
 * CPU of one process by itself and of its ended children; none where there is no /proc. Its own is exact as far as its
 * threads live; the children's comes in clock ticks.
 */
export const cpuOf = (pid: number): { own: CpuTime; children: CpuTime } => {
	const fields = hasProc ? readStat(pid) : null;
	if (!fields) return { own: NO_CPU, children: NO_CPU };
	const us = (index: number) => Number(fields[index]) * TICK_US;
	const inTicks = us(11) + us(12);
	const totalUs = Math.max(inTicks, threadsUs(pid));
	const systemUs = inTicks === 0 ? 0 : Math.round((totalUs * us(12)) / inTicks);
	return { own: { totalUs, systemUs }, children: { totalUs: us(13) + us(14), systemUs: us(14) } };
};

/** All processes at one moment, as Linux shows them; empty elsewhere. Zombies are left out. */
export class ProcessTable {
	readonly #all: ProcessFacts[] = [];

	constructor() {
		if (!hasProc) return;
		for (const name of readdirSync('/proc')) {
			const pid = Number(name);
			if (!Number.isInteger(pid)) continue;
			const fields = readStat(pid);
			if (fields && fields[0] !== 'Z') this.#all.push(parseFacts(pid, fields));
		}
	}

	/** The given processes and all that descend from them or share their group or session, the given ones first. */
	familyOf(roots: Iterable<number>): ProcessFacts[] {
		const known = new Set(roots);
		const family = this.#all.filter((facts) => known.has(facts.pid));
		for (let grew = true; grew; ) {
			grew = false;
			for (const facts of this.#all) {
				if (known.has(facts.pid)) continue;
				if (!known.has(facts.parent) && !known.has(facts.group) && !known.has(facts.session)) continue;
				known.add(facts.pid);
				family.push(facts);
				grew = true;
			}
		}
		return family;
	}

	/** Processes whose environment holds the setting, such as `MILLRACE_ATTEMPT=…`. */
	marked(setting: string): ProcessFacts[] {
		return this.#all.filter(({ pid }) => {
			try {
				return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(setting);
			} catch {
				return false;
			}
		});
	}
}
