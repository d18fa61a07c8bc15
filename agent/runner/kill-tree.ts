import { type ProcessFacts, ProcessTable } from './process-table.ts';

/** Processes may fork while they are being killed; after so many looks only something immortal is left. */
const MOST_LOOKS = 20;

const killOne = (target: number): void => {
	try {
		process.kill(target, 'SIGKILL');
	} catch (error) {
		// ESRCH: it is gone, which is what we want. EPERM: a process of another user, inside its own sandbox, which dies
		// with bubblewrap's first process.
		const { code } = error as NodeJS.ErrnoException;
		if (code !== 'ESRCH' && code !== 'EPERM') throw error;
	}
};

/** Kills a process, its group and all that descends from it. Answers with what was there before. */
export const killTree = (pid: number, mark?: string): ProcessFacts[] => {
	if (!Number.isInteger(pid) || pid <= 1) throw new RangeError(`not a process to kill: ${pid}`);
	const roots = new Set([pid]);
	const killed = new Set<number>();
	let before: ProcessFacts[] | null = null;
	for (let look = 0; look < MOST_LOOKS; look++) {
		const table = new ProcessTable();
		const family = table.familyOf(roots);
		if (mark !== undefined) family.push(...table.marked(mark));
		before ??= family;
		if (look === 0) killOne(-pid);
		const fresh = family.filter((facts) => !killed.has(facts.pid));
		if (fresh.length === 0) break;
		for (const facts of fresh) {
			killed.add(facts.pid);
			roots.add(facts.pid);
			killOne(facts.pid);
		}
	}
	return before ?? [];
};

/** Kills what carries the mark in its environment: processes that left the tree of a command that has ended. */
export const killMarked = (mark: string): void => {
	for (const { pid } of new ProcessTable().marked(mark)) killOne(pid);
};
