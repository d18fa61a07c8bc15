import { CodedError } from '../../shared/coded-error.ts';
import type { DatasetGrants } from '../../shared/protocol/dataset.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareRequireReadable } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';

/** With whom a dataset is shared. */
export const readGrants = readOperation('datasets.read-grants', (db) => {
	const require = prepareRequireReadable(db);
	const users = db
		.prepare(
			`SELECT u.id FROM dataset_grants g JOIN users u ON u.seq = g.user_seq WHERE g.dataset_seq = ? ORDER BY u.seq`,
		)
		.pluck();
	const groups = db
		.prepare(
			`SELECT p.id FROM dataset_grants g JOIN groups p ON p.seq = g.group_seq WHERE g.dataset_seq = ? ORDER BY p.seq`,
		)
		.pluck();
	return ({ readerSeq, ref }: { readerSeq: number; ref: string }): { row: DatasetRow; grants: DatasetGrants } => {
		const row = require(readerSeq, ref);
		const named = { users: users.all(row.seq) as string[], groups: groups.all(row.seq) as string[] };
		return { row, grants: { everyone: row.everyone === 1, ...named } };
	};
});

/** Shares a dataset with these and nobody else. `mayShareWidely`: with groups and everybody, too. */
export const writeGrants = writeOperation('datasets.write-grants', (db) => {
	const require = prepareRequireReadable(db);
	const groupsOf = db
		.prepare('SELECT p.id FROM dataset_grants g JOIN groups p ON p.seq = g.group_seq WHERE g.dataset_seq = ?')
		.pluck();
	const clear = db.prepare('DELETE FROM dataset_grants WHERE dataset_seq = ?');
	const addUser = db.prepare(
		'INSERT OR IGNORE INTO dataset_grants (dataset_seq, user_seq) SELECT ?, seq FROM users WHERE id = ?',
	);
	const addGroup = db.prepare(
		'INSERT OR IGNORE INTO dataset_grants (dataset_seq, group_seq) SELECT ?, seq FROM groups WHERE id = ?',
	);
	const update = db.prepare('UPDATE datasets SET everyone = ?, revision = revision + 1, updated_at = ? WHERE seq = ?');
	const audit = prepareAudit(db);
	return (args: {
		readerSeq: number;
		ref: string;
		grants: DatasetGrants;
		mayShareWidely: boolean;
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): void => {
		const { grants, by, now } = args;
		const row = require(args.readerSeq, args.ref);
		requireVersion(args.condition, row.revision);
		const before = new Set(groupsOf.all(row.seq) as string[]);
		const widens = (grants.everyone && row.everyone === 0) || grants.groups.some((group) => !before.has(group));
		if (widens && !args.mayShareWidely) {
			throw new CodedError('forbidden', 'Only an administrator shares a dataset with a group or with everybody.');
		}
		clear.run(row.seq);
		const add = (ids: readonly string[], field: string, insert: typeof addUser): void => {
			for (const [at, id] of [...new Set(ids)].entries()) {
				if (insert.run(row.seq, id).changes === 1) continue;
				const message = 'is not there';
				throw new CodedError('invalid', `${id} ${message}.`, { fields: [{ path: `${field}[${at}]`, message }] });
			}
		};
		add(grants.users, 'users', addUser);
		add(grants.groups, 'groups', addGroup);
		update.run(grants.everyone ? 1 : 0, now, row.seq);
		const { everyone, users, groups } = grants;
		const detail = { name: row.name, everyone, users: users.slice(0, 100), groups: groups.slice(0, 100) };
		audit({ at: now, ...by, action: 'dataset.grant', object: row.id, outcome: 'done', detail });
	};
});

/** A person accepts the licence as it is now; once is enough. */
export const acceptLicence = writeOperation('datasets.accept-licence', (db) => {
	const require = prepareRequireReadable(db);
	const insert = db.prepare('INSERT OR IGNORE INTO licence_acceptances VALUES (?, ?, ?, ?)');
	const audit = prepareAudit(db);
	return (args: { readerSeq: number; ref: string; licenceVersion: number; by: Doer; now: number }): DatasetRow => {
		const { readerSeq, ref, licenceVersion, by, now } = args;
		const row = require(readerSeq, ref);
		if (row.licenceText === null) return row;
		if (licenceVersion !== row.licenceVersion) {
			const there = `Its licence is version ${row.licenceVersion} by now`;
			throw new CodedError('precondition-failed', `${there}, not ${licenceVersion}. Read it again, then accept that.`);
		}
		if (insert.run(row.seq, licenceVersion, readerSeq, now).changes === 1) {
			const detail = { name: row.name, licenceVersion };
			audit({ at: now, ...by, action: 'dataset.accept-licence', object: row.id, outcome: 'done', detail });
		}
		return require(readerSeq, row.id);
	};
});
