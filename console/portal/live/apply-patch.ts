import type { FileDetail, FileTask, FolderEntry } from '../../../shared/protocol/file.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type TaskDetail, type TaskSummary, taskStateSchema } from '../../../shared/protocol/task.ts';
import { insertRow, mapRows, type Pages } from '../../kit/live/pages.ts';

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
const stateOf = (patch: TaskPatch) => taskStateSchema.safeParse(patch.state).data ?? null;

/** The tasks of a file with what the patches say; the same array when they say nothing new. */
const patchFileTasks = (tasks: FileTask[], file: string, patches: TaskPatches): FileTask[] => {
	let after = tasks;
	for (const [index, task] of tasks.entries()) {
		const patch = patches.byTask.get(task.id);
		const state = patch ? stateOf(patch) : null;
		if (!patch || state === null || task.version >= patch.version) continue;
		after = after.with(index, { ...task, state, version: patch.version, progress: patch.progress });
	}
	for (const patch of patches.byFile.get(file) ?? []) {
		const state = stateOf(patch);
		if (state === null || tasks.some(({ id }) => id === patch.id)) continue;
		const { id, type, version, progress } = patch;
		after = [...after, { id, type, state, version, progress }];
	}
	return after;
};

const patchFile = <T extends FolderEntry | FileDetail>(file: T, patches: TaskPatches): T => {
	if (!('tasks' in file)) return file;
	const tasks = patchFileTasks(file.tasks, file.id, patches);
	return tasks === file.tasks ? file : { ...file, tasks };
};

/** A folder’s rows after tasks of its files have changed. */
export const patchFolder = (pages: Pages<FolderEntry>, patches: TaskPatches): Pages<FolderEntry> =>
	mapRows(pages, (entry) => patchFile(entry, patches));

export const patchFileDetail = (file: FileDetail, patches: TaskPatches): FileDetail => patchFile(file, patches);

/** A task with what a newer patch says; times, reasons and results come by reading it again. */
export const patchTask = <T extends TaskSummary | TaskDetail>(task: T, patches: TaskPatches): T => {
	const patch = patches.byTask.get(task.id);
	const state = patch ? stateOf(patch) : null;
	if (!patch || state === null || task.version >= patch.version) return task;
	return { ...task, version: patch.version, state, progress: patch.progress, phase: patch.phase, node: patch.node };
};

/** A task list after some of its tasks have changed: a row stays where it is, even if it no longer fits the filter. */
export const patchTaskList = (pages: Pages<TaskSummary>, patches: TaskPatches): Pages<TaskSummary> =>
	mapRows(pages, (task) => patchTask(task, patches));

/** Folders first, then files, each by name: the order in which the server lists. */
export const compareEntries = (a: FolderEntry, b: FolderEntry): number => {
	if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
	return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
};

/** The folder in which something lies. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** A folder’s rows after a file was read again: changed in place, put in, or taken out when it now lies elsewhere. */
export const placeFile = (pages: Pages<FolderEntry>, folder: string, file: FileDetail): Pages<FolderEntry> => {
	const { versions: _, versionsCursor: __, settlesAt: ___, ...summary } = file;
	const entry: FolderEntry = { ...summary, kind: 'file' };
	const belongs = file.trashedAt === null && parentOf(file.path) === folder;
	let found = false;
	const mapped = mapRows(pages, (row) => {
		if (row.id !== file.id) return row;
		if (!belongs || row.name !== entry.name) return null;
		found = true;
		return entry;
	});
	return found || !belongs ? mapped : insertRow(mapped, entry, compareEntries);
};

/** A list without a thing that is gone. */
export const withoutEntry = (pages: Pages<FolderEntry>, id: string): Pages<FolderEntry> =>
	mapRows(pages, (row) => (row.id === id ? null : row));
