import type { TaskInput } from '../../../shared/protocol/task.ts';
import type { SelectedFile } from './selected-files.ts';

/** A file that is to be processed, of one’s own or of a dataset. */
export interface ChosenFile {
	input: TaskInput;
	/** As the command line takes it. */
	path: string;
	name: string;
	size: number;
	/** Null: not known yet. */
	mediaType: string | null;
}

/** What is to be processed. */
export type Work =
	| { kind: 'files'; files: readonly ChosenFile[] }
	/** `under`: a folder in it, or a file; empty: all of it. */
	| { kind: 'dataset'; name: string; version: number; under: string; files: readonly ChosenFile[] }
	| { kind: 'folder'; folder: string }
	/** What is done needs no files. */
	| { kind: 'nothing' };

export const filesOf = (work: Work): readonly ChosenFile[] =>
	work.kind === 'files' || work.kind === 'dataset' ? work.files : [];

/** It comes to a task for each of several files: what a job, or a recipe on a schedule, is for. */
export const isMany = (work: Work, files: readonly ChosenFile[], spread: 'each' | 'together'): boolean =>
	work.kind === 'folder' || (spread === 'each' && files.length > 1);

export const chosenFile = ({ id, ...about }: SelectedFile): ChosenFile => ({ ...about, input: { file: id } });

interface Entry {
	path: string;
	size: number;
	mediaType: string | null;
}

/** A file of a dataset, pinned to the version that was looked at. */
export const datasetFile = (dataset: { id: string; name: string; version: number }, entry: Entry): ChosenFile => ({
	input: { dataset: dataset.id, path: entry.path, version: dataset.version },
	path: `dataset:${dataset.name}/${entry.path.replace(/^\//, '')}@${dataset.version}`,
	name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
	size: entry.size,
	mediaType: entry.mediaType,
});

/** The folder in which all of them lie; null where they lie in several, or are a dataset’s. */
export const folderOf = (work: Work): string | null => {
	if (work.kind === 'folder') return work.folder;
	if (work.kind !== 'files') return null;
	const folders = new Set(work.files.map(({ path }) => path.slice(0, path.lastIndexOf('/')) || '/'));
	const [first] = folders;
	return folders.size === 1 && first !== undefined ? first : null;
};
