import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of /proc a second; fixed in Linux's interface to programs. */
const TICKS_PER_SECOND = 100;

export interface ProcessFacts {
	pid: number;
	parent: number;
	group: number;
	session: number;
	/** With what its ended and awaited children used. */
	cpuMs: number;
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
		cpuMs: ((at(11) + at(12) + at(13) + at(14)) * 1000) / TICKS_PER_SECOND,
		memoryBytes: at(21) * PAGE_BYTES,
	};
};

/** CPU that one process and its ended children have used, in milliseconds; 0 where there is no /proc. */
export const cpuMsOf = (pid: number): number => {
	const fields = hasProc ? readStat(pid) : null;
	return fields ? parseFacts(pid, fields).cpuMs : 0;
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
