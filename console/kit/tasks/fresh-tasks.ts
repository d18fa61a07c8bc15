import type { TaskPatch } from '../live/task-patches.ts';
import { mayFit } from './may-fit.ts';
import { isToldByPatches, type TaskFilter } from './task-filter.ts';

/** More than so many new tasks are not counted. */
export const MOST_FRESH = 1_000;

/** `tsk_`, and ten characters of milliseconds: what follows is random, so that tasks of one batch are in no order by it. */
const MOMENT_LENGTH = 14;

/** When a task was made: of two, the later one is the greater. */
export const momentOf = (id: string): string => id.slice(0, MOMENT_LENGTH);

/** When the newest of some rows was made. */
export const newestOf = (rows: readonly { id: string }[]): string => {
	let newest = '';
	for (const { id } of rows) if (momentOf(id) > newest) newest = momentOf(id);
	return newest;
};

/** What a list shows: from which task on it is read, and up to which. */
interface Shown {
	ids: ReadonlySet<string>;
	/** Tasks that were made after this moment have come since the list was read. */
	top: string;
	/** The last row, where there are more after it. */
	end: string | null;
}

/** The tasks of these patches that the list would show where it is read, if it were read again; not more than can be counted. */
export const freshTasks = (
	patches: readonly TaskPatch[],
	filter: TaskFilter,
	shown: Shown,
	seen: ReadonlySet<string>,
): ReadonlySet<string> => {
	const { state, type, file } = filter;
	const told = { ...(state && { state }), ...(type && { type }), ...(file && { file }) };
	const isTold = isToldByPatches(filter);
	const fresh: string[] = [];
	for (const patch of patches) {
		if (seen.size + fresh.length > MOST_FRESH) break;
		const { id } = patch;
		// Of what patches do not tell only tasks that are new may be: all others would always be in question.
		const isInRange = isTold ? shown.end === null || momentOf(id) > momentOf(shown.end) : momentOf(id) > shown.top;
		if (isInRange && !shown.ids.has(id) && !seen.has(id) && mayFit(told, patch)) fresh.push(id);
	}
	return fresh.length === 0 ? seen : new Set([...seen, ...fresh]);
};
