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

/** What stopped processes have used, which is what they will have used. */
const measure = (family: readonly ProcessFacts[]): ProcessFacts[] =>
	family.map((facts) => {
		const { own, children } = cpuOf(facts.pid);
		const cpu = { totalUs: own.totalUs + children.totalUs, systemUs: own.systemUs + children.systemUs };
		return { ...facts, cpu };
	});

/** Signals all that are found, and looks again for what they have started meanwhile, until there is nothing new. */
const signalAll = (find: () => ProcessFacts[], signal: 'SIGKILL' | 'SIGSTOP'): ProcessFacts[] => {
	const found = new Map<number, ProcessFacts>();
	for (let look = 0; look < MOST_LOOKS; look++) {
		const fresh = find().filter(({ pid }) => !found.has(pid));
		if (fresh.length === 0) break;
		for (const facts of fresh) {
			found.set(facts.pid, facts);
			signalOne(facts.pid, signal);
		}
	}
	return [...found.values()];
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
	const find = (): ProcessFacts[] => {
		const table = new ProcessTable();
		const family = table.familyOf(roots);
		const known = new Set(family.map((facts) => facts.pid));
		if (mark !== undefined) family.push(...table.marked(mark).filter((facts) => !known.has(facts.pid)));
		for (const facts of family) roots.add(facts.pid);
		return family;
	};
	const before = measure(signalAll(find, 'SIGSTOP'));
	onStopped(before);
	signalOne(-pid, 'SIGKILL');
	signalAll(find, 'SIGKILL');
	return before;
};

/**
 * Kills what carries the mark in its environment: processes that left the tree of a command that has ended. Answers with
 * what they had used.
 */
export const killMarked = (mark: string): ProcessFacts[] => {
	const find = () => new ProcessTable().marked(mark);
	const marked = measure(signalAll(find, 'SIGSTOP'));
	for (const { pid } of marked) signalOne(pid, 'SIGKILL');
	return marked;
};
