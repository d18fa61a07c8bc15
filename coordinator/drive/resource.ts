import type { EntryKind } from '../files/entry-store.ts';

/** What is at a place of the drive. */
export interface DriveResource {
	kind: EntryKind;
	/** Empty for the top of an area. */
	name: string;
	/** Where properties that clients give are kept; null: it takes none. */
	entry: DriveEntry | null;
	isReadOnly: boolean;
	/** A folder that is made when something is put into it. */
	isVirtual?: boolean;
	createdAt: number;
	modifiedAt: number;
	/** Null for a folder. */
	file: DriveFile | null;
}

export interface DriveEntry {
	kind: EntryKind;
	seq: number;
	id: string;
}

export interface DriveFile {
	/** Null: no file of the person's, so nothing that a trigger on reading could mean. */
	version: { ownerSeq: number; fileId: string; version: number } | null;
	size: number;
	sha256: string;
	/** Null until a task has found it out. */
	md5: string | null;
	mediaType: string | null;
	/** For a person, such as `md5: succeeded, thumbnail: running`; null when there are none, or nobody asked. */
	tasks: string | null;
	/** They are where content is kept, or made for whoever reads them; then they are as many as `size` says. */
	content: 'stored' | { make(): Promise<Buffer> };
}

/** What is to be found out beside what every client asks for. */
export interface Wants {
	tasks?: boolean;
	/** It is about to be read: throws what is against that, such as `licence-not-accepted`. */
	content?: boolean;
}

/** A folder that has no row. */
export const plainFolder = (name: string, at: number, isReadOnly: boolean): DriveResource => ({
	...{ kind: 'folder', name, entry: null, isReadOnly, createdAt: at, modifiedAt: at, file: null },
});
