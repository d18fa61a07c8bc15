import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { readOperation, writeOperation } from '../database/operation.ts';

/** Tasks of one act of which it is kept what they were; the others cannot be undone. */
const MOST_NOTED = 100_000;
/** Rows that go in one transaction when old acts are forgotten. */
const FORGOTTEN_AT_ONCE = 5_000;

/** Said of an act that is to be undone once more. */
export const UNDONE = 'The act has been undone already.';

/** An act about to begin, with its audit entry, which tells who, when and what. */
export interface NewAct {
	id: string;
	audit: AuditEntry;
	matched: number;
	/** Of a queue or node: what it was, so that this can be undone. */
	before?: Json;
	/** The act that it takes back, of one that takes time. */
	undoes?: number;
}

export interface ActRow {
	seq: number;
	id: string;
	at: number;
	actor: string;
	/** The name of who did it; the id of one who is gone. */
	by: string;
	verb: string;
	object: string;
	detail: Record<string, Json>;
	before: Json;
	matched: number;
	changed: number;
	skipped: number;
	noted: number;
	finishedAt: number | null;
	undoneAt: number | null;
	undoneBy: string | null;
}

/** Begins an act inside somebody's transaction and audits it; `whole` when that transaction is all of it. */
export const prepareAct = (db: Database): ((act: NewAct, whole: boolean) => number) => {
	const insert = db.prepare(
		`INSERT INTO acts (id, at, actor, verb, object, detail, before, matched, changed, finished_at)
		 VALUES (@id, @at, @actor, @verb, @object, @detail, @before, @matched, @changed, @finishedAt)`,
	);
	const audit = prepareAudit(db);
	return ({ id, audit: entry, matched, before }, whole) => {
		audit({ ...entry, detail: { ...entry.detail, act: id } });
		const { at, actor, action: verb, object, detail } = entry;
		const { lastInsertRowid } = insert.run({
			...{ id, at, actor, verb, object, matched },
			detail: JSON.stringify(detail),
			before: before === undefined ? null : JSON.stringify(before),
			changed: whole ? matched : 0,
			finishedAt: whole ? at : null,
		});
		return Number(lastInsertRowid);
	};
};

/** How far a part of an act came, and what its tasks were before. */
export interface ActPart {
	act: number;
	changed: number;
	skipped: number;
	notes: readonly { seq: number; before: Json }[];
}

/** Adds a part to its act, inside the transaction that does it. */
export const prepareActPart = (db: Database): ((part: ActPart) => void) => {
	const noted = db.prepare('SELECT noted FROM acts WHERE seq = ?').pluck();
	const note = db.prepare('INSERT OR IGNORE INTO act_changes VALUES (?, ?, ?)');
	const count = db.prepare(
		'UPDATE acts SET changed = changed + ?, skipped = skipped + ?, noted = noted + ? WHERE seq = ?',
	);
	return ({ act, changed, skipped, notes }) => {
		const room = MOST_NOTED - ((noted.get(act) as number | undefined) ?? MOST_NOTED);
		const kept = notes.slice(0, Math.max(0, room));
		for (const { seq, before } of kept) note.run(act, seq, JSON.stringify(before));
		count.run(changed, skipped, kept.length, act);
	};
};

/** What some tasks of an act were before it, in order of their rows, after this one. */
export const prepareNotes = (db: Database): ((act: number, afterSeq: number, limit: number) => ActPart['notes']) => {
	const select = db
		.prepare('SELECT task_seq, before FROM act_changes WHERE act_seq = ? AND task_seq > ? ORDER BY task_seq LIMIT ?')
		.raw();
	return (act, afterSeq, limit) =>
		(select.all(act, afterSeq, limit) as [number, string][]).map(([seq, before]) => ({
			seq,
			before: JSON.parse(before) as Json,
		}));
};

/** Forgets what these tasks were, in order of their rows up to this one: inside the transaction that has put them back. */
export const prepareForgetNotes = (db: Database): ((act: number, untilSeq: number) => void) => {
	const remove = db.prepare('DELETE FROM act_changes WHERE act_seq = ? AND task_seq <= ?');
	return (act, untilSeq) => void remove.run(act, untilSeq);
};

/** Of how many tasks of an act it is still to be told what they were. */
export const countNotes = readOperation('acts.count-notes', (db) => {
	const count = db.prepare('SELECT count(*) FROM act_changes WHERE act_seq = ?').pluck();
	return (act: number) => count.get(act) as number;
});

/** Marks an act as undone, inside the transaction that undoes it or ends doing so; the entry tells who and when. */
export const prepareUndone = (db: Database): ((act: number, by: Pick<AuditEntry, 'at' | 'actor'>) => void) => {
	const update = db.prepare('UPDATE acts SET undone_at = ?, undone_by = ? WHERE seq = ?');
	return (act, { at, actor }) => void update.run(at, actor, act);
};

/** Throws `wrong-state` when it would undo what has been undone meanwhile: whoever asks for that may have read it before. */
export const beginAct = writeOperation('acts.begin', (db) => {
	const begin = prepareAct(db);
	const undoneAt = db.prepare('SELECT undone_at FROM acts WHERE seq = ?').pluck();
	return (act: NewAct): number => {
		if (act.undoes !== undefined && typeof undoneAt.get(act.undoes) === 'number')
			throw new CodedError('wrong-state', UNDONE);
		return begin(act, false);
	};
});

/**
 * Ends an act and audits how far it came; `undoes` is marked as undone with it. What was done to one thing, as was said
 * when it began, is not audited a second time.
 */
export const finishAct = writeOperation('acts.finish', (db) => {
	const finish = db.prepare('UPDATE acts SET finished_at = ? WHERE seq = ? RETURNING id, matched, changed, skipped');
	const undone = prepareUndone(db);
	const audit = prepareAudit(db);
	return (args: { act: number; undoes: number | null; audit: AuditEntry }): void => {
		const row = finish.get(args.audit.at, args.act) as
			| { id: string; matched: number; changed: number; skipped: number }
			| undefined;
		if (!row) return;
		const { id, matched, changed, skipped } = row;
		if (args.undoes !== null) undone(args.undoes, args.audit);
		if (matched === 1 && changed === 1) return;
		audit({ ...args.audit, object: id, detail: { ...args.audit.detail, changed, skipped } });
	};
});

const COLUMNS = `a.seq, a.id, a.at, a.actor, coalesce(u.username, a.actor) AS by, a.verb, a.object, a.detail, a.before,
	a.matched, a.changed, a.skipped, a.noted, a.finished_at AS finishedAt, a.undone_at AS undoneAt,
	coalesce(w.username, a.undone_by) AS undoneBy`;
const FROM = 'FROM acts a LEFT JOIN users u ON u.id = a.actor LEFT JOIN users w ON w.id = a.undone_by';

type Stored = Omit<ActRow, 'detail' | 'before'> & { detail: string; before: string | null };
const actFromDb = (row: Stored): ActRow => ({
	...row,
	detail: JSON.parse(row.detail) as Record<string, Json>,
	before: row.before === null ? null : (JSON.parse(row.before) as Json),
});

/** A page, newest first. */
export const listActs = readOperation('acts.list', (db) => {
	const select = db.prepare(`SELECT ${COLUMNS} ${FROM} WHERE a.seq < ? ORDER BY a.seq DESC LIMIT ?`);
	return (args: { before: number | null; limit: number }): ActRow[] =>
		(select.all(args.before ?? Number.MAX_SAFE_INTEGER, args.limit) as Stored[]).map(actFromDb);
});

export const readAct = readOperation('acts.read', (db) => {
	const select = db.prepare(`SELECT ${COLUMNS} ${FROM} WHERE a.id = ?`);
	return (id: string): ActRow | null => {
		const row = select.get(id) as Stored | undefined;
		return row ? actFromDb(row) : null;
	};
});

/** Forgets acts that began before; at most so many rows a call. True when there are more. */
export const forgetActs = writeOperation('acts.forget', (db) => {
	const old = db.prepare('SELECT seq FROM acts WHERE at < ? ORDER BY at LIMIT 100').pluck();
	const changes = db.prepare(
		`DELETE FROM act_changes WHERE act_seq = @act
		 AND task_seq IN (SELECT task_seq FROM act_changes WHERE act_seq = @act LIMIT @left)`,
	);
	const remove = db.prepare('DELETE FROM acts WHERE seq = ?');
	return ({ before }: { before: number }): boolean => {
		let left = FORGOTTEN_AT_ONCE;
		const seqs = old.all(before) as number[];
		for (const seq of seqs) {
			left -= changes.run({ act: seq, left }).changes;
			if (left <= 0) return true;
			remove.run(seq);
		}
		return seqs.length === 100;
	};
});

/** All SQL of this room. */
export const ACT_OPERATIONS = [beginAct, countNotes, finishAct, forgetActs, listActs, readAct];
