import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type TaskDetail, type TaskSummary, taskStateSchema } from '../../../shared/protocol/task.ts';
import { mapRows, type Pages } from './pages.ts';

export type TaskPatch = Extract<LivePatch, { kind: 'task' }>;

/** The task patches of one flush, findable by task and by file: so that each list is walked once, however many there are. */
export interface TaskPatches {
	byTask: ReadonlyMap<string, TaskPatch>;
	byFile: ReadonlyMap<string, readonly TaskPatch[]>;
}

export const indexPatches = (patches: readonly TaskPatch[]): TaskPatches => {
	const byFile = new Map<string, TaskPatch[]>();
	for (const patch of patches) {
		if (patch.file === null) continue;
		byFile.set(patch.file, [...(byFile.get(patch.file) ?? []), patch]);
	}
	return { byTask: new Map(patches.map((patch) => [patch.id, patch])), byFile };
};

/** A newer server may know states that this page does not: such a patch only tells to read again. */
export const stateOf = (patch: TaskPatch) => taskStateSchema.safeParse(patch.state).data ?? null;

/** A task with what a patch says that is not older; times, reasons and results come by reading it again. */
export const patchTask = <T extends TaskSummary | TaskDetail>(task: T, patches: TaskPatches): T => {
	const patch = patches.byTask.get(task.id);
	const state = patch ? stateOf(patch) : null;
	if (!patch || state === null || task.version > patch.version) return task;
	const { version, progress, phase, node } = patch;
	// Progress changes no version: of equal ones the later counts, but for what only another version can have changed.
	const isSame = task.progress === progress && task.phase === phase && task.node === node;
	if (task.version === version && (isSame || task.state !== state)) return task;
	return { ...task, version, state, progress, phase, node };
};

/** A task list after some of its tasks have changed: a row stays where it is, even if it no longer fits the filter. */
export const patchTaskList = (pages: Pages<TaskSummary>, patches: TaskPatches): Pages<TaskSummary> =>
	mapRows(pages, (task) => patchTask(task, patches));
