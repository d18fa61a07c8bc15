import { readdirSync, readFileSync } from 'node:fs';

const read = (path: string): string => {
	try {
		return readFileSync(path, 'latin1');
	} catch {
		// The process has ended meanwhile: it has nothing left to say.
		return '';
	}
};

const childrenOf = (pid: number): number[] => {
	let threads: string[];
	try {
		threads = readdirSync(`/proc/${pid}/task`);
	} catch {
		return [];
	}
	return threads.flatMap((thread) =>
		read(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
	);
};

/** The process and all below it, as far as Linux shows them; elsewhere the process alone. */
export const familyOf = (pid: number): { pid: number; name: string }[] => {
	const family: { pid: number; name: string }[] = [];
	const pending = [pid];
	for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
		family.push({ pid: next, name: read(`/proc/${next}/comm`).trim() });
		pending.push(...childrenOf(next));
	}
	return family;
};
