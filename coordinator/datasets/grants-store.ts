import { CodedError } from '../../shared/coded-error.ts';
import type { DatasetGrants, DatasetShares } from '../../shared/protocol/dataset.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareRequireReadable } from './access-store.ts';
import type { DatasetRow } from './dataset-row.ts';

/** With whom a dataset is shared. */
export const readGrants = readOperation('datasets.read-grants', (db) => {
	const require = prepareRequireReadable(db);
	const users = db.prepare(
		`SELECT u.id, u.username AS name FROM dataset_grants g JOIN users u ON u.seq = g.user_seq
		 WHERE g.dataset_seq = ? ORDER BY u.username_key`,
	);
	const groups = db.prepare(
		`SELECT p.id, p.name FROM dataset_grants g JOIN groups p ON p.seq = g.group_seq
		 WHERE g.dataset_seq = ? ORDER BY p.name`,
	);
	return ({ readerSeq, ref }: { readerSeq: number; ref: string }): DatasetShares => {
		const row = require(readerSeq, ref);
		const people = users.all(row.seq) as Named[];
		const inGroups = groups.all(row.seq) as Named[];
		return {
			everyone: row.everyone === 1,
			users: people.map(({ id }) => id),
			groups: inGroups.map(({ id }) => id),
			names: Object.fromEntries([...people, ...inGroups].map(({ id, name }) => [id, name])),
		};
	};
});

interface Found {
	seq: number;
	id: string;
}

interface Named {
	id: string;
	name: string;
}

/** Shares a dataset with these and nobody else. `mayShareWidely`: with groups and everybody, too. */
export const writeGrants = writeOperation('datasets.write-grants', (db) => {
	const require = prepareRequireReadable(db);
	const groupsOf = db
		.prepare('SELECT p.id FROM dataset_grants g JOIN groups p ON p.seq = g.group_seq WHERE g.dataset_seq = ?')
		.pluck();
	const usersOf = db
		.prepare('SELECT u.id FROM dataset_grants g JOIN users u ON u.seq = g.user_seq WHERE g.dataset_seq = ?')
		.pluck();
	const clear = db.prepare('DELETE FROM dataset_grants WHERE dataset_seq = ?');
	// An id is one first of all, even where it is also somebody's name.
	const userOf = db.prepare(
		`SELECT seq, id FROM users WHERE id = @named OR username_key = @key ORDER BY id = @named DESC LIMIT 1`,
	);
	const groupOf = db.prepare('SELECT seq, id FROM groups WHERE id = @named');
	const addUser = db.prepare('INSERT OR IGNORE INTO dataset_grants (dataset_seq, user_seq) VALUES (?, ?)');
	const addGroup = db.prepare('INSERT OR IGNORE INTO dataset_grants (dataset_seq, group_seq) VALUES (?, ?)');
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
		const were = {
			everyone: row.everyone === 1,
			users: (usersOf.all(row.seq) as string[]).slice(0, 100),
			groups: [...before].slice(0, 100),
		};
		clear.run(row.seq);
		const add = (named: readonly string[], field: string, find: typeof userOf, insert: typeof addUser): string[] =>
			named.map((one, at) => {
				// As accounts keep names, so that `Ada` finds ada.
				const found = find.get({ named: one, key: one.normalize('NFKC').toLowerCase() }) as Found | undefined;
				if (!found) {
					const message = 'is not there';
					throw new CodedError('invalid', `${one} ${message}.`, { fields: [{ path: `${field}[${at}]`, message }] });
				}
				insert.run(row.seq, found.seq);
				return found.id;
			});
		const users = add(grants.users, 'users', userOf, addUser);
		const groups = add(grants.groups, 'groups', groupOf, addGroup);
		update.run(grants.everyone ? 1 : 0, now, row.seq);
		const { everyone } = grants;
		const detail = { name: row.name, everyone, users: users.slice(0, 100), groups: groups.slice(0, 100), before: were };
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
