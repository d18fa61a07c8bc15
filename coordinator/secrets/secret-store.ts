import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { requireVersion, type VersionCondition } from '../qos/version-condition.ts';
import { prepareNamersOf } from './named-store.ts';
import type { Sealed } from './seal.ts';

/** One person's. */
const MOST_SECRETS = 50;
/** The newest tasks that were given one, as far back as one looks for open ones. */
const MOST_USES = 10_000;

export interface SecretRow {
	seq: number;
	id: string;
	name: string;
	version: number;
	createdAt: number;
	usedAt: number | null;
	openTasks: number;
}

const SELECT = `SELECT s.seq, s.id, s.name, s.version, s.created_at AS createdAt, s.used_at AS usedAt,
	(SELECT count(*) FROM
	   (SELECT task_seq FROM secret_uses WHERE secret_seq = s.seq ORDER BY task_seq DESC LIMIT ${MOST_USES}) u
	   JOIN tasks t ON t.seq = u.task_seq WHERE t.finished_at IS NULL) AS openTasks
	FROM secrets s`;

const prepareFind = (db: Database): ((ownerSeq: number, id: string) => SecretRow) => {
	const find = db.prepare(`${SELECT} WHERE s.owner_seq = ? AND s.id = ?`);
	return (ownerSeq, id) => {
		const row = find.get(ownerSeq, id) as SecretRow | undefined;
		if (!row) throw new CodedError('not-found', `There is no secret ${id}.`);
		return row;
	};
};

export interface NewSecretRow {
	id: string;
	ownerSeq: number;
	name: string;
	sealed: Sealed;
	by: Doer;
	now: number;
}

/** Keeps a secret inside somebody's transaction. */
export const prepareAddSecret = (db: Database): ((secret: NewSecretRow) => SecretRow) => {
	const count = db.prepare('SELECT count(*) FROM secrets WHERE owner_seq = ?').pluck();
	const taken = db.prepare('SELECT 1 FROM secrets WHERE owner_seq = ? AND name_key = ?').pluck();
	const insert = db.prepare(
		`INSERT INTO secrets (id, owner_seq, name, name_key, key_id, nonce, sealed, version, created_at)
		 VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)`,
	);
	const find = prepareFind(db);
	const audit = prepareAudit(db);
	return ({ id, ownerSeq, name, sealed, by, now }) => {
		if ((count.get(ownerSeq) as number) >= MOST_SECRETS) {
			throw new CodedError('too-many-things', `You have ${MOST_SECRETS} secrets; delete one first.`);
		}
		if (taken.get(ownerSeq, nameKey(name)) !== undefined) {
			throw new CodedError(
				'name-taken',
				`You have a secret ${name} already; replace its value, or choose another name.`,
			);
		}
		insert.run(id, ownerSeq, name, nameKey(name), sealed.keyId, sealed.nonce, sealed.sealed, now);
		audit({ at: now, ...by, action: 'secret.create', object: id, outcome: 'done', detail: { name } });
		return find(ownerSeq, id);
	};
};

export const addSecret = writeOperation('secrets.add', prepareAddSecret);

export const replaceSecret = writeOperation('secrets.replace', (db) => {
	const find = prepareFind(db);
	const update = db.prepare(
		'UPDATE secrets SET key_id = ?, nonce = ?, sealed = ?, version = version + 1 WHERE seq = ?',
	);
	const audit = prepareAudit(db);
	return (args: {
		id: string;
		ownerSeq: number;
		sealed: Sealed;
		condition: VersionCondition;
		by: Doer;
		now: number;
	}): SecretRow => {
		const { id, ownerSeq, sealed, condition, by, now } = args;
		const row = find(ownerSeq, id);
		requireVersion(condition, row.version);
		update.run(sealed.keyId, sealed.nonce, sealed.sealed, row.seq);
		audit({ at: now, ...by, action: 'secret.replace', object: id, outcome: 'done', detail: { name: row.name } });
		return find(ownerSeq, id);
	};
});

/** Throws `secret-in-use` while open tasks name it, or anything else refers to it. */
export const removeSecret = writeOperation('secrets.remove', (db) => {
	const find = prepareFind(db);
	const remove = db.prepare('DELETE FROM secrets WHERE seq = ?');
	const namersOf = prepareNamersOf(db);
	const audit = prepareAudit(db);
	return (args: { id: string; ownerSeq: number; condition: VersionCondition; by: Doer; now: number }): void => {
		const { id, ownerSeq, condition, by, now } = args;
		const row = find(ownerSeq, id);
		requireVersion(condition, row.version);
		if (row.openTasks > 0) {
			const tasks =
				row.openTasks === 1 ? 'one task that is not over names' : `${row.openTasks} tasks that are not over name`;
			throw new CodedError('secret-in-use', `The secret ${row.name} is in use: ${tasks} it. Cancel them, or wait.`);
		}
		const namers = namersOf(ownerSeq, id);
		if (namers !== null) {
			const message = `The secret ${row.name} is in use by ${namers}. Change or delete them first.`;
			throw new CodedError('secret-in-use', message);
		}
		try {
			remove.run(row.seq);
		} catch (error) {
			if ((error as { code?: string }).code !== 'SQLITE_CONSTRAINT_FOREIGNKEY') throw error;
			throw new CodedError('secret-in-use', `The secret ${row.name} is in use: delete first what it belongs to.`);
		}
		audit({ at: now, ...by, action: 'secret.delete', object: id, outcome: 'done', detail: { name: row.name } });
	};
});

export const listSecrets = readOperation('secrets.list', (db) => {
	const select = db.prepare(`${SELECT} WHERE s.owner_seq = ? ORDER BY s.name_key`);
	return (ownerSeq: number) => select.all(ownerSeq) as SecretRow[];
});

/** Which of these are the person's own. */
export const ownSecrets = readOperation('secrets.own', (db) => {
	const find = db.prepare('SELECT 1 FROM secrets WHERE owner_seq = ? AND id = ?').pluck();
	return ({ ownerSeq, ids }: { ownerSeq: number; ids: readonly string[] }): string[] =>
		[...new Set(ids)].filter((id) => find.get(ownerSeq, id) !== undefined);
});

export const readKeyIds = readOperation('secrets.key-ids', (db) => {
	const select = db
		.prepare(
			'SELECT key_id FROM secrets UNION SELECT key_id FROM mail WHERE key_id IS NOT NULL UNION SELECT key_id FROM second_factors',
		)
		.pluck();
	return (_: null) => select.all() as string[];
});

/** Takes it out to be opened, and notes that it was; null when it is gone, or another one's. */
export const takeSecret = writeOperation('secrets.take', (db) => {
	const take = db.prepare(
		`UPDATE secrets SET used_at = @now WHERE id = @id AND owner_seq = @ownerSeq
		 RETURNING nonce, sealed, (SELECT id FROM users WHERE seq = @ownerSeq) AS owner`,
	);
	return (args: { id: string; ownerSeq: number; now: number }) =>
		(take.get(args) as (Pick<Sealed, 'nonce' | 'sealed'> & { owner: string }) | undefined) ?? null;
});

/** All SQL of this room. */
export const SECRET_OPERATIONS = [
	addSecret,
	replaceSecret,
	removeSecret,
	listSecrets,
	ownSecrets,
	readKeyIds,
	takeSecret,
];
