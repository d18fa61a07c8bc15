import type { FileTask } from '../../../shared/protocol/file.ts';
import { isFinalTaskState } from '../../../shared/protocol/task.ts';

/**
 * queued: will be sent when its turn comes · preparing: hashed and compared with what is there · sending: bytes flow ·
 * retrying: cut, tries again by itself · paused: by the person · conflict: the path is taken, the person decides ·
 * needs-file: begun before the page was reloaded, wants the same file again · processing: stored, its tasks run ·
 * done · failed: the person may try again · skipped
 */
export type UploadState =
	| 'queued'
	| 'preparing'
	| 'sending'
	| 'retrying'
	| 'paused'
	| 'conflict'
	| 'needs-file'
	| 'processing'
	| 'done'
	| 'failed'
	| 'skipped';

/** What happens when the path is taken. */
export type ConflictRule = 'ask' | 'replace' | 'keep-both';
export type ConflictChoice = 'replace' | 'keep-both' | 'skip';

export interface UploadItem {
	id: string;
	/** Where it goes: an absolute path in the person's tree. */
	path: string;
	name: string;
	size: number;
	lastModified: number;
	state: UploadState;
	rule: ConflictRule;
	/** Bytes that have arrived, as far as is known. */
	sent: number;
	/** Tries since bytes last moved. */
	tries: number;
	/** Why it failed or tries again, for a person. */
	problem: string | null;
	/** The stored file, once it is. */
	fileId: string | null;
	tasks: FileTask[];
	/** The very same content was there already: nothing was sent. */
	already: boolean;
}

const ACTIVE: readonly UploadState[] = ['preparing', 'sending'];
/** Bytes are still to be sent, with or without the person's doing. */
const UNSENT: readonly UploadState[] = [...ACTIVE, 'queued', 'retrying', 'paused', 'conflict', 'failed', 'needs-file'];
const MOVING: readonly UploadState[] = [...ACTIVE, 'queued', 'retrying'];

export const isActive = ({ state }: UploadItem): boolean => ACTIVE.includes(state);
export const isUnsent = ({ state }: UploadItem): boolean => UNSENT.includes(state);
/** Goes on by itself: closing the page would cut it. */
export const isMoving = ({ state }: UploadItem): boolean => MOVING.includes(state);
export const isOver = ({ state }: UploadItem): boolean => state === 'done' || state === 'skipped';

export const processedTasks = ({ tasks }: UploadItem): number =>
	tasks.filter(({ state }) => isFinalTaskState(state)).length;

/** An upload at its beginning. */
export const newItem = (
	id: string,
	file: { path: string; size: number; lastModified: number },
	state: 'queued' | 'needs-file' = 'queued',
): UploadItem => ({
	id,
	path: file.path,
	name: file.path.slice(file.path.lastIndexOf('/') + 1),
	size: file.size,
	lastModified: file.lastModified,
	state,
	rule: 'ask',
	sent: 0,
	tries: 0,
	problem: null,
	fileId: null,
	tasks: [],
	already: false,
});
