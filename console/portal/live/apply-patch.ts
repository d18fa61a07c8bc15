import type { FileDetail, FileTask, FolderEntry } from '../../../shared/protocol/file.ts';
import { insertRow, mapRows, type Pages } from '../../kit/live/pages.ts';
import { stateOf, type TaskPatches } from '../../kit/live/task-patches.ts';

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
