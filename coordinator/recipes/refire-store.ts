import type { Database } from 'better-sqlite3';
import type { FiringEvent } from '../../shared/protocol/trigger.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { childPath } from '../files/safe-path.ts';
import { prepareTree } from '../files/tree-store.ts';
import { prepareUnsettled } from '../files/unsettled-store.ts';
import { prepareDropHappening } from '../happenings/happening-store.ts';
import type { StoredInput } from '../queue/open-task.ts';
import { type NewTask, prepareSubmit } from '../queue/submit-store.ts';
import { isInbox } from './book.ts';
import { prepareRevision } from './book-store.ts';
import { type Fired, type FiredFile, type FiringWait, prepareFire, prepareWithSecrets, tasksOf } from './fire-store.ts';
import type { Plan, PlannedFiring } from './plan.ts';

/** A version of a file as tasks get it. */
export interface VersionRow {
	ownerSeq: number;
	input: StoredInput;
	/** What the `mimetype` task found out; null: it has not, or not yet. */
	mediaType: string | null;
	/** It is in the trash. */
	gone: boolean;
}

/** Finds a version; null when it is not there. `number` null: the newest. */
const prepareVersion = (db: Database) => {
	const tree = prepareTree(db);
	const find = db.prepare(
		`SELECT f.owner_seq AS ownerSeq, f.id AS file, f.seq AS fileSeq, f.folder_seq AS folderSeq, f.name,
		        f.trashed_at AS trashedAt, v.number AS version, lower(hex(b.sha256)) AS sha256, b.size,
		        v.facts ->> '$.mimetype' AS mediaType
		 FROM files f JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.blob_seq
		 WHERE f.seq = @seq AND v.number = coalesce(@version, f.version)`,
	);
	return (seq: number, version: number | null): VersionRow | null => {
		const row = find.get({ seq, version }) as
			| (Omit<StoredInput, 'path'> & {
					ownerSeq: number;
					folderSeq: number;
					name: string;
					trashedAt: number | null;
					mediaType: string | null;
			  })
			| undefined;
		if (!row) return null;
		const { ownerSeq, folderSeq, name, trashedAt, mediaType, ...stored } = row;
		const place = trashedAt === null ? tree.placeOf(folderSeq) : null;
		const path = place ? childPath(place.path, name) : `/${name}`;
		return { ownerSeq, input: { ...stored, path }, mediaType, gone: place === null || place.trashedAt !== null };
	};
};

/** A firing that waits for its file's type. */
export interface WaitingFiring {
	seq: number;
	triggerSeq: number;
	event: FiringEvent;
	wait: FiringWait;
}

export interface WaitingVersion extends VersionRow {
	waiting: WaitingFiring[];
	/** A task that finds the type is still open. */
	isSought: boolean;
}

/** A version that firings wait for; null when it is not there. */
export const readWaiting = readOperation('recipes.read-waiting', (db) => {
	const version = prepareVersion(db);
	const waiting = db.prepare(
		`SELECT seq, trigger_seq AS triggerSeq, event, waiting FROM trigger_firings
		 WHERE file_seq = ? AND version = ? AND state = 'waits-for-type' ORDER BY seq`,
	);
	const sought = db
		.prepare(
			`SELECT 1 FROM tasks t JOIN task_types y ON y.seq = t.type_seq
			 WHERE t.file_seq = ? AND t.inputs ->> '$[0].version' = ? AND y.name = 'mimetype' AND t.finished_at IS NULL`,
		)
		.pluck();
	return (args: { fileSeq: number; version: number }): WaitingVersion | null => {
		const found = version(args.fileSeq, args.version);
		if (!found) return null;
		const rows = waiting.all(args.fileSeq, args.version) as {
			seq: number;
			triggerSeq: number;
			event: FiringEvent;
			waiting: string;
		}[];
		return {
			...found,
			waiting: rows.map(({ waiting: text, ...row }) => ({ ...row, wait: JSON.parse(text) as FiringWait })),
			isSought: sought.get(args.fileSeq, args.version) !== undefined,
		};
	};
});

export const readVersion = readOperation('recipes.read-version', (db) => {
	const version = prepareVersion(db);
	return (args: { fileSeq: number; version: number | null }) => version(args.fileSeq, args.version);
});

/** A version that has come to its place otherwise than by an upload through a door. */
export interface PlacedVersion extends VersionRow {
	/** A client of the drive is not done with the file. */
	isUnsettled: boolean;
	/** Seqs of the triggers that led to it, oldest first; null: no task has put it out. */
	lineage: number[] | null;
	/** It was put out by a task of which nothing is known any more. */
	isOfUnknown: boolean;
}

/** Finds one inside somebody's transaction; null when it is not there. */
export const preparePlacedVersion = (db: Database) => {
	const version = prepareVersion(db);
	const unsettled = prepareUnsettled(db);
	const madeBy = db.prepare(
		`SELECT p.lineage, o.trigger_seq AS triggerSeq, p.task_seq IS NOT NULL AND t.seq IS NULL AS isOfUnknown FROM provenance p
		 LEFT JOIN tasks t ON t.seq = p.task_seq LEFT JOIN task_origins o ON o.task_seq = p.task_seq
		 WHERE p.file_seq = ? AND p.version = ?`,
	);
	return (fileSeq: number, number: number): PlacedVersion | null => {
		const found = version(fileSeq, number);
		if (!found) return null;
		const made = madeBy.get(fileSeq, number) as
			| { lineage: string; triggerSeq: number | null; isOfUnknown: 0 | 1 }
			| undefined;
		const lineage = made ? (JSON.parse(made.lineage) as number[]) : null;
		if (made && made.triggerSeq !== null) lineage?.push(made.triggerSeq);
		return {
			...found,
			isUnsettled: unsettled.find(fileSeq) !== null,
			lineage,
			isOfUnknown: made?.isOfUnknown === 1,
		};
	};
};

export const readPlaced = readOperation('recipes.read-placed', (db) => {
	const find = preparePlacedVersion(db);
	return ({ fileSeq, version }: { fileSeq: number; version: number }) => find(fileSeq, version);
});

export const readVersionOf = readOperation('recipes.read-version-of', (db) => {
	const seqOf = db.prepare('SELECT seq FROM files WHERE id = ?').pluck();
	const version = prepareVersion(db);
	return (args: { file: string; version: number | null }): VersionRow | null => {
		const seq = seqOf.get(args.file) as number | undefined;
		return seq === undefined ? null : version(seq, args.version);
	};
});

/** The plan was made by a book that is not the person's any more. */
export type Stale = 'stale';
/** Somebody else has done what followed from it. */
export type DoneBefore = 'done-before';

/** Does what triggers do about a file that is there already. */
export const fireLater = writeOperation('recipes.fire-later', (db) => {
	const revisionOf = prepareRevision(db);
	const drop = prepareDropHappening(db);
	const fire = prepareFire(db);
	return (args: {
		/** From which this follows; null: from none. */
		happening: number | null;
		revision: number;
		file: FiredFile;
		plan: Plan;
		now: number;
	}): Fired | Stale | DoneBefore => {
		if (revisionOf(args.file.ownerSeq) !== args.revision) return 'stale';
		if (args.happening !== null && !drop(args.happening)) return 'done-before';
		return fire(args.file, args.plan, args.now);
	};
});

/** What a firing that waited comes to: null, and no reason: nothing. */
export interface Resolved {
	firing: WaitingFiring;
	planned: PlannedFiring | null;
	/** Why it is skipped, when nothing was planned. */
	reason: string | null;
}

/** Ends firings' waits. Without a revision nothing was planned, only given up. */
export const endWaits = writeOperation('recipes.end-waits', (db) => {
	const revisionOf = prepareRevision(db);
	const drop = prepareDropHappening(db);
	const submit = prepareSubmit(db);
	const withSecrets = prepareWithSecrets(db);
	const end = db.prepare(
		`UPDATE trigger_firings SET state = CASE WHEN @state = 'skipped' AND tasks > 0 THEN 'fired' ELSE @state END,
		   reason = coalesce(@reason, reason), tasks = tasks + @tasks, waiting = NULL
		 WHERE seq = @seq AND state = 'waits-for-type'`,
	);
	const isStarted = db
		.prepare(
			`SELECT 1 FROM trigger_firings g JOIN triggers t ON t.seq = g.trigger_seq JOIN recipes r ON r.seq = t.recipe_seq
			 WHERE g.file_seq = @fileSeq AND g.version = @version AND g.event IN ('upload', 'update') AND g.tasks > 0
			 AND r.id = @recipe`,
		)
		.pluck();
	const forget = db.prepare(`DELETE FROM trigger_firings WHERE seq = ? AND state = 'waits-for-type' AND tasks = 0`);
	return (args: {
		happening: number;
		revision: number | null;
		version: VersionRow;
		resolved: Resolved[];
		now: number;
	}): Pick<Fired, 'tasks' | 'submitted'> | Stale | DoneBefore => {
		const { ownerSeq, input } = args.version;
		if (args.revision !== null && revisionOf(ownerSeq) !== args.revision) return 'stale';
		if (!drop(args.happening)) return 'done-before';
		const tasks: NewTask[] = [];
		for (const { firing, planned: plan, reason } of args.resolved) {
			const { seq, event, wait } = firing;
			const planned = plan && withSecrets(ownerSeq, plan);
			const { fileSeq, version } = input;
			// Those of triggers come first, so what they have made by now counts.
			const standsBack =
				planned !== null &&
				isInbox(firing.triggerSeq) &&
				isStarted.get({ fileSeq, version, recipe: planned.recipe }) !== undefined;
			if (standsBack || (planned === null && reason === null)) {
				if (forget.run(seq).changes === 0) end.run({ seq, state: 'fired', reason: null, tasks: 0 });
				continue;
			}
			const state = planned?.state ?? 'skipped';
			const so = { seq, state, reason: planned?.reason ?? reason, tasks: planned?.tasks.length ?? 0 };
			if (end.run(so).changes === 0 || planned === null) continue;
			for (const task of tasksOf({ ownerSeq, input, event, ...wait }, planned, args.now)) tasks.push(task);
		}
		return { tasks, submitted: submit(tasks, args.now, 'hold') };
	};
});

/** Nothing follows from it any more. */
export const dropHappenings = writeOperation('recipes.drop-happenings', (db) => {
	const drop = prepareDropHappening(db);
	return (seqs: readonly number[]): null => {
		for (const seq of seqs) drop(seq);
		return null;
	};
});
