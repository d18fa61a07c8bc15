import { readdirSync, readFileSync } from 'node:fs';

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
