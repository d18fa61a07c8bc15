import type { FileDetail, FileTask, FolderEntry } from '../../../shared/protocol/file.ts';
import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import { type TaskDetail, type TaskSummary, taskStateSchema } from '../../../shared/protocol/task.ts';
import { insertRow, mapRows, type Pages } from './pages.ts';

export type TaskPatch = Extract<LivePatch, { kind: 'task' }>;

/** A newer server may know states that this page does not: such a patch only tells to read again. */
const stateOf = (patch: TaskPatch) => taskStateSchema.safeParse(patch.state).data ?? null;

/** The tasks of a file with what the patch says; the same array when it says nothing new. */
export const patchFileTasks = (tasks: FileTask[], patch: TaskPatch): FileTask[] => {
	const state = stateOf(patch);
	if (state === null) return tasks;
	const index = tasks.findIndex(({ id }) => id === patch.id);
	const before = tasks[index];
	if (before !== undefined && before.version >= patch.version) return tasks;
	const after = { id: patch.id, type: patch.type, state, version: patch.version, progress: patch.progress };
	return before === undefined ? [...tasks, after] : tasks.with(index, after);
};

const patchFile = <T extends FolderEntry | FileDetail>(file: T, patch: TaskPatch): T => {
	if (!('tasks' in file)) return file;
	if (file.id !== patch.file && !file.tasks.some(({ id }) => id === patch.id)) return file;
	const tasks = patchFileTasks(file.tasks, patch);
	return tasks === file.tasks ? file : { ...file, tasks };
};

/** A folder’s rows after a task of one of its files has changed. */
export const patchFolder = (pages: Pages<FolderEntry>, patch: TaskPatch): Pages<FolderEntry> =>
	mapRows(pages, (entry) => patchFile(entry, patch));

export const patchFileDetail = (file: FileDetail, patch: TaskPatch): FileDetail => patchFile(file, patch);

/** A task with what a newer patch says; times, reasons and results come by reading it again. */
export const patchTask = <T extends TaskSummary | TaskDetail>(task: T, patch: TaskPatch): T => {
	const state = stateOf(patch);
	if (task.id !== patch.id || task.version >= patch.version || state === null) return task;
	return { ...task, version: patch.version, state, progress: patch.progress, phase: patch.phase, node: patch.node };
};

/** A task list after one of its tasks has changed: a row stays where it is, even if it no longer fits the filter. */
export const patchTaskList = (pages: Pages<TaskSummary>, patch: TaskPatch): Pages<TaskSummary> =>
	mapRows(pages, (task) => patchTask(task, patch));

/** Folders first, then files, each by name: the order in which the server lists. */
export const compareEntries = (a: FolderEntry, b: FolderEntry): number => {
	if (a.kind !== b.kind) return a.kind === 'folder' ? -1 : 1;
	return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
};

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** A folder’s rows after a file was read again: changed in place, put in, or taken out when it now lies elsewhere. */
export const placeFile = (pages: Pages<FolderEntry>, folder: string, file: FileDetail): Pages<FolderEntry> => {
	const { versions: _, ...summary } = file;
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
