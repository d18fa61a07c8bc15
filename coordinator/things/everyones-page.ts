import type { ThingState } from '../../shared/protocol/everyones-thing.ts';
import { type ReadOperation, readOperation } from '../database/operation.ts';

/** A row of any kind; times in ms since 1970. `about` is what the kind tells of itself. */
export interface EveryonesRow {
	seq: number;
	id: string;
	name: string;
	owner: string | null;
	ownerName: string | null;
	about: string;
	state: ThingState;
	reason: string | null;
	createdAt: number;
	lastAt: number | null;
	lastOutcome: string | null;
	nextAt: number | null;
}

export interface EveryonesWish {
	/** Rows below this number; null: from the newest. */
	before: number | null;
	limit: number;
	/** Of names, in lower case. */
	text: string | null;
	owner: string | null;
	state: ThingState | null;
}

/** One page of everybody's things of a kind, the newest first, and one row more where there are more. */
export type EveryonesPage = ReadOperation<EveryonesWish, EveryonesRow[]>;

/**
 * Makes the page of a room's own things. What it tells is SQL over `from`, where the thing itself is `t`: `columns` gives
 * all that `name` and `state`, by which lists are narrowed down, do not. `tell` makes of `about` what others may read.
 */
export const everyonesPage = (
	operation: string,
	kind: { from: string; name: string; state: string; columns: string; tell?: (about: string) => string },
): EveryonesPage =>
	readOperation(operation, (db) => {
		const { from, name, state, columns, tell } = kind;
		const select = db.prepare(
			`SELECT t.seq, t.id, ${name} AS name, u.id AS owner, u.username AS ownerName, ${state} AS state,
			        t.created_at AS createdAt, ${columns}
			 FROM ${from} LEFT JOIN users u ON u.seq = t.owner_seq
			 WHERE (@before IS NULL OR t.seq < @before)
			   AND (@owner IS NULL OR u.id = @owner)
			   AND (@text IS NULL OR instr(lower(${name}), @text) > 0)
			   AND (@state IS NULL OR ${state} = @state)
			 ORDER BY t.seq DESC LIMIT @limit + 1`,
		);
		return (wish: EveryonesWish) => {
			const rows = select.all(wish) as EveryonesRow[];
			return tell === undefined ? rows : rows.map((row) => ({ ...row, about: tell(row.about) }));
		};
	});
