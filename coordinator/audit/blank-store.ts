import type { Database } from 'better-sqlite3';
import { writeOperation } from '../database/operation.ts';
import { lastingObject } from './hash-chain.ts';

/** Rows that are looked at in one transaction, so that other writes get their turn in between. */
const LOOKED_AT_ONCE = 20_000;

/** Whose words are taken out, and the entry with which the deletion began. */
export interface Blanking {
	userId: string;
	username: string;
	begun: number;
}

interface Found {
	seq: number;
	object: string;
}

/** What stays of a row: that somebody with this id did such a thing at such a time. */
const prepareBlankRows = (db: Database) => {
	const blank = db.prepare(
		`UPDATE audit_log SET object = ?, address = '', detail = '{}', salt = NULL, blanked_by = ? WHERE seq = ?`,
	);
	return (rows: readonly Found[], begun: number): void => {
		for (const { seq, object } of rows) blank.run(lastingObject(object), begun, seq);
	};
};

/** Blanks what was done to things of a person, by whomever, inside somebody's transaction. */
export const prepareBlankObjects = (db: Database): ((ids: readonly string[], begun: number) => void) => {
	const find = db.prepare(
		`SELECT seq, object FROM audit_log WHERE object IN (SELECT value FROM json_each(?)) AND seq < ? AND blanked_by IS NULL`,
	);
	const blankRows = prepareBlankRows(db);
	return (ids, begun) => blankRows(find.all(JSON.stringify(ids), begun) as Found[], begun);
};

/**
 * Blanks what may tell of a person in the entries after `after`: of their own acts, about them, and with their name as a
 * word of its own. Answers how far it came; null: it is done, and so many are blanked in all.
 */
export const blankAudit = writeOperation('audit.blank', (db) => {
	const find = db.prepare(
		`SELECT seq, object FROM audit_log
		 WHERE seq > @after AND seq <= @last AND seq < @begun AND blanked_by IS NULL
		   AND (actor = @userId OR object IN (@userId, @username) OR instr(detail, @word))`,
	);
	const count = db.prepare('SELECT count(*) FROM audit_log WHERE blanked_by = ?').pluck();
	const blankRows = prepareBlankRows(db);
	return ({ after, ...blanking }: Blanking & { after: number }) => {
		const last = after + LOOKED_AT_ONCE;
		const { begun, username } = blanking;
		blankRows(find.all({ ...blanking, after, last, word: JSON.stringify(username) }) as Found[], begun);
		return last < begun ? { after: last, blanked: 0 } : { after: null, blanked: count.get(begun) as number };
	};
});
