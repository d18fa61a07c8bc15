import type { FileToUpload } from './upload-runner.ts';

/** What was dropped or picked: files with their places below the target folder, and folders that are empty. */
export interface Dropped {
	files: FileToUpload[];
	emptyFolders: string[];
}

/** A path below a folder of ours; names that the server would refuse are told by it, one by one. */
export const pathBelow = (folder: string, relative: string): string =>
	`${folder === '/' ? '' : folder}/${relative.replace(/^\/+/, '')}`;

/** Files of an `<input>`; a folder's files carry their place in it. */
export const filesOfInput = (list: Iterable<File>, folder: string): FileToUpload[] =>
	[...list].map((file) => ({ file, path: pathBelow(folder, file.webkitRelativePath || file.name) }));

/** Must be called while the drop is handled: the browser takes the entries away afterwards. */
export const entriesOfDrop = (transfer: DataTransfer): FileSystemEntry[] =>
	[...transfer.items].flatMap((item) => {
		const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
		return entry === null ? [] : [entry];
	});

/** Walks through dropped folders; tells how many files it has found, because a large tree takes a while. */
export const readDropped = async (
	entries: readonly FileSystemEntry[],
	folder: string,
	onFound: (files: number) => void,
): Promise<Dropped> => {
	const dropped: Dropped = { files: [], emptyFolders: [] };
	const walk = async (entry: FileSystemEntry): Promise<void> => {
		const path = pathBelow(folder, entry.fullPath);
		if (isFile(entry)) {
			dropped.files.push({ file: await fileOf(entry), path });
			if (dropped.files.length % 25 === 0) onFound(dropped.files.length);
			return;
		}
		const children = await childrenOf(entry as FileSystemDirectoryEntry);
		if (children.length === 0) dropped.emptyFolders.push(path);
		for (const child of children) await walk(child);
	};
	for (const entry of entries) await walk(entry);
	return dropped;
};

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
	new Promise((resolve, reject) => entry.file(resolve, reject));

/** Browsers answer at most a hundred at a time, and an empty answer at the end. */
const childrenOf = async (directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> => {
	const reader = directory.createReader();
	const children: FileSystemEntry[] = [];
	for (;;) {
		const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (some.length === 0) return children;
		children.push(...some);
	}
};
