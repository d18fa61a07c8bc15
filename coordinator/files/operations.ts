import type { AnyOperation } from '../database/operation.ts';
import { findIdleBlobs, findUnknownBlobs, forgetIdleBlob } from './blob-row-store.ts';
import { makeFolderAt, removeAt } from './by-path-store.ts';
import { findEntry, moveEntry, restoreEntry, trashEntry } from './change-store.ts';
import { destroyEntry } from './destroy-store.ts';
import { findContent, findContentAt, findThumbnail, makeFolder, readFileDetail } from './detail-store.ts';
import { beginFolderCopy, copyFolderPage, endFolderCopy } from './folder-copy-store.ts';
import { resolveInputs } from './input-store.ts';
import { listFolder, listTrash } from './list-store.ts';
import { LOCK_OPERATIONS } from './lock-operation-store.ts';
import { findOldTrash } from './old-trash-store.ts';
import { OLD_VERSION_OPERATIONS } from './old-version-store.ts';
import { findSelection, readSelectedFiles } from './selection-store.ts';
import { copyFileAt, moveAt } from './transfer-store.ts';
import { findDue, settleDue } from './unsettled-store.ts';
import { readStorageUsages } from './usage-store.ts';
import { listVersions } from './version-list-store.ts';
import { checkUpload } from './version-store.ts';
import { findWalkStart, walkFolder } from './walk-store.ts';

/** Everything that the files room asks of the ledger. */
export const FILE_OPERATIONS: readonly AnyOperation[] = [
	beginFolderCopy,
	checkUpload,
	copyFileAt,
	copyFolderPage,
	destroyEntry,
	endFolderCopy,
	findContent,
	findContentAt,
	findDue,
	findEntry,
	findIdleBlobs,
	findOldTrash,
	findSelection,
	findThumbnail,
	findUnknownBlobs,
	findWalkStart,
	forgetIdleBlob,
	listFolder,
	listTrash,
	listVersions,
	makeFolder,
	makeFolderAt,
	moveAt,
	moveEntry,
	readFileDetail,
	readSelectedFiles,
	readStorageUsages,
	removeAt,
	resolveInputs,
	restoreEntry,
	settleDue,
	trashEntry,
	walkFolder,
	...LOCK_OPERATIONS,
	...OLD_VERSION_OPERATIONS,
];
