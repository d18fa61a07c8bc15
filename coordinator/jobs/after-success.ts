import type { Database } from 'better-sqlite3';
import type { FileChange } from '../files/file-events.ts';
import type { SettleItem } from '../queue/lease-store.ts';
import type { TaskOrigin } from '../queue/task-origin-store.ts';
import { prepareFiling } from '../results/filing-store.ts';
import { prepareSourceSettled } from '../source-runs/settle-store.ts';
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

const prepareSources: PrepareAfterSuccess = (db) => {
	const settled = prepareSourceSettled(db);
	return ({ item, effects: { outputs, quota, source } }) => {
		if (source) settled({ item, outputs, quota, brought: source, most: source.most });
	};
};

/** In order. */
const AFTER_SUCCESS: readonly PrepareAfterSuccess[] = [prepareResults, prepareSources];

export const prepareAfterSuccess = (db: Database): ((success: Success) => void) => {
	const steps = AFTER_SUCCESS.map((prepare) => prepare(db));
	return (success) => {
		for (const step of steps) step(success);
	};
};
