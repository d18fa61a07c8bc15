/** One change of a file or folder, for whoever watches. */
export interface FileChange {
	ownerSeq: number;
	/** Public id, of a file or a folder; a folder stands for all that is in it. */
	id: string;
	/** Higher with every change; what has a lower or equal one is old. */
	revision: number;
	/** Where it is, or was when it is gone; null when nobody knows. */
	path: string | null;
	/** It is no longer in the person's tree: in the trash, or destroyed. */
	gone: boolean;
}

export type FileEvents = {
	/** Files and folders changed; one entry each, after the commit. */
	'file:changed': FileChange[];
};
