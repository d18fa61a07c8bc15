import { readdirSync, readFileSync } from 'node:fs';
import { waitFor } from './wait-for.ts';

/** Process ids of the direct children, in order; Linux only. */
export const childrenOf = (pid: number): number[] =>
	readdirSync(`/proc/${pid}/task`)
		.flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' '))
		.filter(Boolean)
		.map(Number)
		.sort((a, b) => a - b);

/** True while the process is there and not a zombie. */
export const isAlive = (pid: number): boolean => {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
	} catch {
		return false;
	}
};

/** Processes whose command line holds the text, this one left out. */
export const withCommand = (text: string): number[] =>
	readdirSync('/proc')
		.map(Number)
		.filter((pid) => {
			if (!Number.isInteger(pid) || pid === process.pid) return false;
			try {
				return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
			} catch {
				return false;
			}
		});

/** CPU time that a process has used, in clock ticks (hundredths of a second); 0 when it is gone. */
export const cpuTicks = (pid: number): number => {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		return Number(fields[11]) + Number(fields[12]);
	} catch {
		return 0;
	}
};

/** CPU time that a new Node.js process may use before it is at work. */
const START_TICKS = 60;
const BUSY_TICKS = 30;

/** The child of a process that is at work: the first that uses a third of a second of CPU from now on. */
export const busyChildOf = (pid: number, withinMs = 20_000): Promise<number> => {
	const before = new Map(childrenOf(pid).map((child) => [child, cpuTicks(child)]));
	return waitFor(
		'a child to be at work',
		() => childrenOf(pid).find((child) => cpuTicks(child) - (before.get(child) ?? START_TICKS) >= BUSY_TICKS),
		{ withinMs },
	);
};

/** Bytes of memory that a process has in RAM; Linux only. */
export const residentBytes = (pid: number): number =>
	Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
