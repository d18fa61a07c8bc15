import { cpuOf, type ProcessFacts, ProcessTable } from './process-table.ts';

/** Processes may fork while they are being killed; after so many looks only something immortal is left. */
const MOST_LOOKS = 20;

const signalOne = (target: number, signal: 'SIGKILL' | 'SIGSTOP'): void => {
	try {
		process.kill(target, signal);
	} catch (error) {
		// ESRCH: it is gone, which is what we want. EPERM: a process of another user, inside its own sandbox, which dies
		// with bubblewrap's first process.
		const { code } = error as NodeJS.ErrnoException;
		if (code !== 'ESRCH' && code !== 'EPERM') throw error;
	}
};

const killOne = (target: number): void => signalOne(target, 'SIGKILL');

/** Stops them first: what they have used is then what they will have used. */
const measureStopped = (family: readonly ProcessFacts[]): ProcessFacts[] => {
	for (const { pid } of family) signalOne(pid, 'SIGSTOP');
	return family.map((facts) => {
		const { own, children } = cpuOf(facts.pid);
		const cpu = { totalUs: own.totalUs + children.totalUs, systemUs: own.systemUs + children.systemUs };
		return { ...facts, cpu };
	});
};

/** Kills a process, its group and all that descends from it. Answers with what was there before, and what it had used. */
export const killTree = (
	pid: number,
	options: {
		/** Others that belong to it, wherever they have gone. */
		others?: readonly number[];
		/** A setting in the environment by which those are found that have left the tree. */
		mark?: string | undefined;
		/** They are stopped and still there. */
		onStopped?: (tree: readonly ProcessFacts[]) => void;
	} = {},
): ProcessFacts[] => {
	const { mark, others = [], onStopped = () => {} } = options;
	if (!Number.isInteger(pid) || pid <= 1) throw new RangeError(`not a process to kill: ${pid}`);
	const roots = new Set([pid, ...others]);
	const killed = new Set<number>();
	let before: ProcessFacts[] | null = null;
	for (let look = 0; look < MOST_LOOKS; look++) {
		const table = new ProcessTable();
		const family = table.familyOf(roots);
		if (mark !== undefined) {
			const known = new Set(family.map((facts) => facts.pid));
			family.push(...table.marked(mark).filter((facts) => !known.has(facts.pid)));
		}
		if (before === null) {
			before = measureStopped(family);
			onStopped(before);
		}
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

/**
 * Kills what carries the mark in its environment: processes that left the tree of a command that has ended. Answers with
 * what they had used.
 */
export const killMarked = (mark: string): ProcessFacts[] => {
	const marked = measureStopped(new ProcessTable().marked(mark));
	for (const { pid } of marked) killOne(pid);
	return marked;
};
