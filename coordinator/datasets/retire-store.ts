import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareRequireReadable } from './access-store.ts';
import { prepareForgetHashes } from './linked-store.ts';

const REMOVED_AT_ONCE = 1_000;

/**
 * Takes a dataset away: nobody finds or uses it any more. Tasks that were made with it still run to their end, and only
 * then its content goes. Throws `dataset-in-use` while there are such, unless it is forced, and while a source fills it.
 */
export const retireDataset = writeOperation('datasets.retire', (db) => {
	const require = prepareRequireReadable(db);
	const uses = db
		.prepare('SELECT count(*) FROM (SELECT 1 FROM dataset_uses WHERE dataset_seq = ? LIMIT 10001)')
		.pluck();
	const sourceOf = db.prepare('SELECT name FROM sources WHERE dataset_seq = ?').pluck();
	const retire = db.prepare(
		`UPDATE datasets SET state = 'retired', everyone = 0, revision = revision + 1, updated_at = ? WHERE seq = ?`,
	);
	const stop = db.prepare('DELETE FROM dataset_publications WHERE dataset_seq = ?');
	const forget = db.prepare('DELETE FROM dataset_grants WHERE dataset_seq = ?');
	const audit = prepareAudit(db);
	return (args: {
		readerSeq: number;
		ref: string;
		force: boolean;
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): void => {
		const row = require(args.readerSeq, args.ref);
		requireVersion(args.condition, row.revision);
		const source = sourceOf.get(row.seq) as string | undefined;
		if (source !== undefined) {
			const message = `The dataset ${row.name} is filled by the source ${source}: delete that first.`;
			throw new CodedError('dataset-in-use', message);
		}
		const open = uses.get(row.seq) as number;
		if (open > 0 && !args.force) {
			const tasks = open === 1 ? 'one open task reads' : `${open > 10_000 ? 'more than 10,000' : open} open tasks read`;
			const way = 'Wait for them or cancel them, or force it: then they still run, and nobody else uses it.';
			throw new CodedError('dataset-in-use', `The dataset ${row.name} is in use: ${tasks} it. ${way}`);
		}
		retire.run(args.now, row.seq);
		stop.run(row.seq);
		forget.run(row.seq);
		const detail = { name: row.name, openTasks: open };
		audit({ at: args.now, ...args.by, action: 'dataset.delete', object: row.id, outcome: 'done', detail });
	};
});

/** Those of which something is left that nothing reads any more. */
export const findRemovable = readOperation('datasets.find-removable', (db) => {
	const select = db
		.prepare(
			`SELECT d.seq FROM datasets d WHERE d.state = 'retired'
			 AND (d.sample IS NULL OR d.files > 0 OR d.version > 0)
			 AND NOT EXISTS (SELECT 1 FROM dataset_uses u WHERE u.dataset_seq = d.seq) LIMIT 100`,
		)
		.pluck();
	return (_: null) => select.all() as number[];
});

/**
 * Removes the next rows of a retired dataset; gives whether nothing is left to be removed now. The row of a sample stays,
 * so that it does not come back.
 */
export const removeRetired = writeOperation('datasets.remove-retired', (db) => {
	const inUse = db
		.prepare(
			`SELECT 1 FROM datasets d WHERE d.seq = ? AND (d.state <> 'retired'
			 OR EXISTS (SELECT 1 FROM dataset_uses u WHERE u.dataset_seq = d.seq))`,
		)
		.pluck();
	const forgetHashes = prepareForgetHashes(db);
	const entries = db.prepare(
		`DELETE FROM dataset_entries WHERE seq IN
		 (SELECT seq FROM dataset_entries WHERE dataset_seq = ? LIMIT ${REMOVED_AT_ONCE})`,
	);
	const empty = db.prepare(
		'UPDATE datasets SET files = 0, bytes = 0, version = 0 WHERE seq = ? AND sample IS NOT NULL',
	);
	const versions = db.prepare('DELETE FROM dataset_versions WHERE dataset_seq = ?');
	const remove = db.prepare('DELETE FROM datasets WHERE seq = ? AND sample IS NULL');
	return (seq: number): boolean => {
		if (inUse.get(seq) !== undefined) return true;
		if (entries.run(seq).changes > 0 || !forgetHashes(seq)) return false;
		versions.run(seq);
		empty.run(seq);
		remove.run(seq);
		return true;
	};
});
