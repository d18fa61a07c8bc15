import type { Database, Statement } from 'better-sqlite3';
import { readOperation } from '../database/operation.ts';
import type { AuditFilter, AuditRow } from './audit-entry.ts';
import { rowOf, type StoredRow } from './stored-row.ts';

/** Rows that one page of a filtered list looks at, so that a rare filter does not hold a reader for long. */
const SCANNED_AT_ONCE = 1_000_000;

const CONDITIONS = `seq < @before AND seq >= @floor
	AND (@actor IS NULL OR actor = @actor) AND (@action IS NULL OR action = @action)
	AND (@object IS NULL OR object = @object) AND (@outcome IS NULL OR outcome = @outcome)
	AND (@from IS NULL OR at >= @from) AND (@to IS NULL OR at < @to)
	AND (@kinds IS NULL OR action GLOB @kinds)
	AND (@text IS NULL OR detail LIKE @text ESCAPE '\\' OR object LIKE @text ESCAPE '\\' OR address LIKE @text ESCAPE '\\'
	  OR actor LIKE @text ESCAPE '\\' OR action LIKE @text ESCAPE '\\')`;

/** By the most telling filter that there is: what comes first in the statement is what its index is for. */
const prepareSelects = (db: Database) => ({
	object: db.prepare(
		`SELECT * FROM audit_log INDEXED BY audit_by_object WHERE object = @object AND ${CONDITIONS} ORDER BY seq DESC LIMIT @limit`,
	),
	actor: db.prepare(
		`SELECT * FROM audit_log INDEXED BY audit_by_actor WHERE actor = @actor AND ${CONDITIONS} ORDER BY seq DESC LIMIT @limit`,
	),
	any: db.prepare(`SELECT * FROM audit_log NOT INDEXED WHERE ${CONDITIONS} ORDER BY seq DESC LIMIT @limit`),
});

const likeOf = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;

/**
 * A page, newest first. `next` is where the following page begins, or null; a page may be short and yet have a next.
 * Words are looked for row by row: a million rows take less than a second, and an index of words would make every
 * upload dearer.
 */
export const searchAudit = readOperation('audit.search', (db) => {
	const newest = db.prepare('SELECT coalesce(max(seq), 0) FROM audit_log').pluck();
	// The clock may have been set back, so a time says between which rows to look, and the rows are still compared.
	const firstIn = db.prepare('SELECT min(seq) FROM audit_log WHERE at >= ? AND at < ?').pluck();
	const lastIn = db.prepare('SELECT max(seq) FROM audit_log WHERE at >= ? AND at < ?').pluck();
	const selects = prepareSelects(db);
	return (args: { filter: AuditFilter; before: number | null; limit: number; scan?: number }) => {
		const { actor = null, object = null, outcome = null, from = null, to = null, action, text } = args.filter;
		let before = args.before ?? (newest.get() as number) + 1;
		let lowest = 1;
		if (from !== null || to !== null) {
			const between = [from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER];
			const last = lastIn.get(...between) as number | null;
			if (last === null) return { items: [], next: null };
			lowest = firstIn.get(...between) as number;
			before = Math.min(before, last + 1);
		}
		const select: Statement = object !== null ? selects.object : actor !== null ? selects.actor : selects.any;
		const floor = Math.max(lowest, before - (args.scan ?? SCANNED_AT_ONCE));
		const isPattern = action?.includes('*') === true;
		const rows = select.all({
			...{ before, floor, actor, object, outcome, from, to, limit: args.limit },
			action: isPattern ? null : (action ?? null),
			kinds: isPattern ? action.replace(/[[?]/g, '[$&]') : null,
			text: text === undefined ? null : likeOf(text),
		}) as StoredRow[];
		const items: AuditRow[] = rows.map(rowOf);
		if (items.length === args.limit) return { items, next: items.at(-1)!.seq };
		return { items, next: floor > lowest ? floor : null };
	};
});
