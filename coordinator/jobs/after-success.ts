import type { Database } from 'better-sqlite3';
import type { FileChange } from '../files/file-events.ts';
import type { SettleItem } from '../queue/lease-store.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';
import { prepareFiling } from '../results/filing-store.ts';
import type { Effects } from './settle-store.ts';

/** A task that has just succeeded, in the transaction that says so. */
export interface Success {
	item: SettleItem;
	effects: Effects;
	/** Null: somebody submitted it by itself. */
	origin: TaskOrigin | null;
	/** Files that a step has changed are added here, and announced after the commit. */
	changes: FileChange[];
}

/** What a room does in that transaction; it must not throw for anything that the task or its owner did. */
type PrepareAfterSuccess = (db: Database) => (success: Success) => void;

const prepareResults: PrepareAfterSuccess = (db) => {
	const file = prepareFiling(db);
	return ({ item, effects: { outputs, quota }, origin, changes }) => {
		changes.push(...file({ item, outputs, quota, origin }));
	};
};

/** In order. */
const AFTER_SUCCESS: readonly PrepareAfterSuccess[] = [prepareResults];

export const prepareAfterSuccess = (db: Database): ((success: Success) => void) => {
	const steps = AFTER_SUCCESS.map((prepare) => prepare(db));
	return (success) => {
		for (const step of steps) step(success);
	};
};
