import { CodedError } from '../../shared/coded-error.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import { prepareBlankObjects } from '../audit/blank-store.ts';
import { type Doer, SYSTEM } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

/** A deletion that is under way. */
export interface Deletion {
	userSeq: number;
	userId: string;
	username: string;
	/** Seq of the audit entry with which it began. */
	begun: number;
}

const UNFINISHED = `SELECT d.user_seq AS userSeq, d.user_id AS userId, u.username, d.begun_by AS begun
	FROM deleted_people d JOIN users u ON u.seq = d.user_seq WHERE d.done_at IS NULL`;

/** Throws unless the person can do nothing any more, and nothing of theirs is under way or is used by others. */
export const beginDeletion = writeOperation('rights.begin-deletion', (db) => {
	const find = db.prepare('SELECT seq, username, disabled_at AS disabledAt FROM users WHERE id = ?');
	const open = db
		.prepare('SELECT count(*) FROM (SELECT 1 FROM tasks WHERE owner_seq = ? AND finished_at IS NULL LIMIT 1001)')
		.pluck();
	const datasets = db.prepare(`SELECT count(*) FROM datasets WHERE owner_seq = ? AND state <> 'retired'`).pluck();
	const known = db.prepare(`${UNFINISHED} AND d.user_seq = ?`);
	const note = db.prepare('INSERT INTO deleted_people (user_seq, user_id, begun_at, begun_by) VALUES (?, ?, ?, ?)');
	const audit = prepareAudit(db);
	return ({ id, confirm, by, now }: { id: string; confirm: string; by: Doer; now: number }): Deletion => {
		const user = find.get(id) as { seq: number; username: string; disabledAt: number | null } | undefined;
		if (!user) throw new CodedError('not-found', `There is no user ${id}.`);
		const { username, seq } = user;
		const underWay = known.get(seq) as Deletion | undefined;
		if (underWay) return underWay;
		if (confirm !== username) {
			throw new CodedError(
				'confirmation-needed',
				`This deletes ${username} and all that is theirs. Confirm with the name.`,
			);
		}
		if (user.disabledAt === null) {
			throw new CodedError('wrong-state', `${username} can still sign in. Disable the account first.`);
		}
		const tasks = open.get(seq) as number;
		if (tasks > 0) {
			const many = tasks > 1_000 ? 'more than 1000' : tasks;
			throw new CodedError('wrong-state', `${many} tasks of ${username} are not over: cancel them first, or wait.`);
		}
		const owned = datasets.get(seq) as number;
		if (owned > 0) {
			const words = `${username} has ${owned} datasets, which others may use. Delete them first: millrace datasets delete`;
			throw new CodedError('wrong-state', words);
		}
		const begun = audit({ at: now, ...by, action: 'user.delete', object: id, outcome: 'done', detail: {} });
		note.run(seq, id, now, begun);
		return { userSeq: seq, userId: id, username, begun };
	};
});

export const readUnfinishedDeletions = readOperation('rights.read-unfinished', (db) => {
	const select = db.prepare(UNFINISHED);
	return (_: null) => select.all() as Deletion[];
});

/** What there can be very many of, with the ids that the audit log knows it by. The rest goes with the account. */
const MANY = ['tasks', 'jobs', 'files', 'notices'] as const;

/** Deletes some of what is a person's; answers whether there may be more. */
export const deleteSome = writeOperation('rights.delete-some', (db) => {
	const removals = MANY.map((table) =>
		db
			.prepare(`DELETE FROM ${table} WHERE seq IN (SELECT seq FROM ${table} WHERE owner_seq = ? LIMIT ?) RETURNING id`)
			.pluck(),
	);
	const blank = prepareBlankObjects(db);
	return ({ userSeq, begun, limit }: { userSeq: number; begun: number; limit: number }): boolean => {
		for (const remove of removals) {
			const ids = remove.all(userSeq, limit) as string[];
			if (ids.length === 0) continue;
			blank(ids, begun);
			return true;
		}
		return false;
	};
});

/** Things with ids that the audit log may have words of, of which there are not many. */
const FEW = ['folders', 'recipes', 'triggers', 'schedules', 'sources', 'secrets', 'webhooks'] as const;
/** What has no reference to the account. */
const LOOSE = ['transfer_use', 'idempotency_keys', 'routing_keys', 'usage_corrections'] as const;

/** The words of all that is left of a person's things, before it goes with the account. */
export const blankFew = writeOperation('rights.blank-few', (db) => {
	const ids = FEW.map((table) => db.prepare(`SELECT id FROM ${table} WHERE owner_seq = ?`).pluck());
	const ofUser = ['sessions', 'credentials'].map((table) =>
		db.prepare(`SELECT id FROM ${table} WHERE user_seq = ?`).pluck(),
	);
	const blank = prepareBlankObjects(db);
	return ({ userSeq, begun }: { userSeq: number; begun: number }): void => {
		for (const select of [...ids, ...ofUser]) blank(select.all(userSeq) as string[], begun);
	};
});

/** The account itself, with all that is left; what was used stays under the number. */
export const endDeletion = writeOperation('rights.end-deletion', (db) => {
	const loose = LOOSE.map((table) => db.prepare(`DELETE FROM ${table} WHERE owner_seq = ?`));
	const remove = db.prepare('DELETE FROM users WHERE seq = ?');
	const done = db.prepare('UPDATE deleted_people SET done_at = ? WHERE user_seq = ?');
	const audit = prepareAudit(db);
	return (args: { deletion: Deletion; entriesBlanked: number; now: number }): void => {
		const { deletion, entriesBlanked, now } = args;
		const { userSeq, userId: object, begun } = deletion;
		for (const statement of loose) statement.run(userSeq);
		if (remove.run(userSeq).changes === 0) return;
		done.run(now, userSeq);
		const detail = { begun, entriesBlanked };
		audit({ at: now, ...SYSTEM, action: 'user.erase', object, outcome: 'done', detail });
	};
});
