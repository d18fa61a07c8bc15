import type { Database } from 'better-sqlite3';
import { USAGE_KINDS, type UsageKind } from '../../shared/protocol/usage.ts';
import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { CUBES, DIMENSIONS, SUMMED, SUMS, startOf } from './rollup-cubes.ts';

/** A roll-up on its way into the table: its dimensions in their order, and its sums. */
interface Cell {
	cube: number;
	at: number;
	dimensions: readonly number[];
	sums: number[];
}

/** Records that are folded at a time. */
const PAGE = 1_000;

type Row = [seq: number, at: number, ...rest: (number | string | null)[]];

const OWNER = DIMENSIONS.indexOf('owner_seq');
const NODE = DIMENSIONS.indexOf('node');
/** The hour with everything comes first; from it the others are made. */
const [FINEST, ...COARSER] = CUBES;

/** Numbers of names inside somebody's transaction; what is new gets one. */
const prepareNames = (db: Database): (() => (name: string | null) => number) => {
	const find = db.prepare('SELECT seq FROM usage_names WHERE name = ?').pluck();
	const add = db.prepare('INSERT INTO usage_names (name) VALUES (?)');
	return () => {
		// For one page: a number that was given in a transaction that is undone must not be remembered.
		const known = new Map<string, number>();
		return (name) => {
			if (name === null) return 0;
			let seq = known.get(name);
			if (seq === undefined) {
				seq = (find.get(name) as number | undefined) ?? (add.run(name).lastInsertRowid as number);
				known.set(name, seq);
			}
			return seq;
		};
	};
};

class Cells {
	readonly #cells = new Map<string, Cell>();
	readonly #write: (cell: Cell) => void;

	constructor(write: (cell: Cell) => void) {
		this.#write = write;
	}

	/** The sums become the cell's own. */
	add(cube: number, at: number, dimensions: readonly number[], sums: number[]): void {
		const key = `${cube} ${at} ${dimensions.join(' ')}`;
		const cell = this.#cells.get(key);
		if (cell?.sums.every((sum, i) => Number.isSafeInteger(sum + sums[i]!))) {
			for (let i = 0; i < sums.length; i++) cell.sums[i]! += sums[i]!;
			return;
		}
		// SQLite adds in 64 bits; here a sum beyond 53 would lose its last digits.
		if (cell) this.#write(cell);
		this.#cells.set(key, { cube, at, dimensions, sums });
	}

	[Symbol.iterator](): Iterator<Cell> {
		return this.#cells.values();
	}
}

/** Adds the next records to a set of sums and moves its watermark, in somebody's transaction; true: there may be more. */
const prepareFold = (db: Database) => {
	const select = db
		.prepare(
			`SELECT seq, at, owner_seq, service_class, queue, node, task_type, kind, charged,
			        1, kind = 'attempt' AND attempt IS 1, ${SUMMED.join(', ')}
			 FROM usage_records WHERE seq > ? ORDER BY seq LIMIT ?`,
		)
		.raw();
	const names = prepareNames(db);
	const columns = ['generation', 'cube', 'at', ...DIMENSIONS, ...SUMS];
	const add = db.prepare(
		`INSERT INTO usage_rollups (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
		 ON CONFLICT DO UPDATE SET ${SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`,
	);
	const advance = db.prepare('UPDATE usage_rollup_sets SET folded_seq = ? WHERE generation = ?');
	return (set: { generation: number; folded: number }, limit: number): boolean => {
		const rows = select.all(set.folded, limit) as Row[];
		if (rows.length === 0) return false;
		const write = ({ cube, at, dimensions, sums }: Cell): void => {
			add.run(set.generation, cube, at, ...dimensions, ...sums);
		};
		const nameOf = names();
		const coarser = new Cells(write);
		const end = (hour: Cell): void => {
			write(hour);
			for (const { code, grain, without } of COARSER) {
				const kept = [...hour.dimensions];
				for (const one of without) kept[one === 'node' ? NODE : OWNER] = 0;
				coarser.add(code, startOf(grain, hour.at), kept, [...hour.sums]);
			}
		};
		const hours = new Cells(end);
		for (const [, at, owner, serviceClass, queue, node, type, kind, charged, ...sums] of rows) {
			const dimensions = [
				owner as number,
				nameOf(serviceClass as string | null),
				nameOf(queue as string | null),
				nameOf(node as string | null),
				nameOf(type as string | null),
				USAGE_KINDS.indexOf(kind as UsageKind),
				charged as number,
			];
			hours.add(FINEST!.code, startOf('hour', at), dimensions, sums as number[]);
		}
		for (const cell of hours) end(cell);
		for (const cell of coarser) write(cell);
		advance.run(rows.at(-1)![0], set.generation);
		return rows.length === limit;
	};
};

/** Adds the next records to each set of sums, with its watermark in the same transaction; true: there may be more. */
export const foldUsage = writeOperation('accounting.fold', (db) => {
	const sets = db.prepare('SELECT generation, folded_seq AS folded FROM usage_rollup_sets ORDER BY generation');
	const fold = prepareFold(db);
	return ({ limit }: { limit: number }): boolean => {
		let more = false;
		for (const set of sets.all() as { generation: number; folded: number }[]) more = fold(set, limit) || more;
		return more;
	};
});

/**
 * Takes all records into the sums that count, in somebody's transaction, and gives the number of their set: for whoever has
 * to know to the last unit what was used. A set beside it that stands at the same record goes along; others are left
 * to those who make them.
 */
export const prepareCatchUp = (db: Database): (() => number) => {
	const sets = db.prepare(
		'SELECT generation, folded_seq AS folded, is_current AS isCurrent FROM usage_rollup_sets ORDER BY is_current DESC',
	);
	const fold = prepareFold(db);
	return () => {
		for (;;) {
			const [current, ...others] = sets.all() as { generation: number; folded: number; isCurrent: 0 | 1 }[];
			const more = fold(current!, PAGE);
			for (const other of others) if (other.folded === current!.folded) fold(other, PAGE);
			if (!more) return current!.generation;
		}
	};
};

/** Records that are not yet in the sums. */
export const readUnfolded = readOperation('accounting.read-unfolded', (db) => {
	const select = db
		.prepare(
			`SELECT coalesce((SELECT max(seq) FROM usage_records), 0) - folded_seq FROM usage_rollup_sets WHERE is_current = 1`,
		)
		.pluck();
	return (_: null) => select.get() as number;
});

/** Begins another set of sums beside the one that counts, in place of one that was begun before; gives its number. */
export const beginRollups = writeOperation('accounting.begin-rollups', (db) => {
	const drop = db.prepare('DELETE FROM usage_rollup_sets WHERE is_current = 0');
	const next = db
		.prepare(
			`SELECT 1 + max((SELECT max(generation) FROM usage_rollup_sets),
			                coalesce((SELECT max(generation) FROM usage_rollups), 0))`,
		)
		.pluck();
	// What is gone stays in the sums of generation 0.
	const add = db.prepare('INSERT INTO usage_rollup_sets VALUES (?, 0, (SELECT to_seq FROM usage_forgotten))');
	return (_: null): number => {
		drop.run();
		const generation = next.get() as number;
		add.run(generation);
		return generation;
	};
});

/** Ends a set that was begun: it counts from now on (audited), or is dropped. False: somebody else has begun another meanwhile. */
export const endRollups = writeOperation('accounting.end-rollups', (db) => {
	const state = db.prepare(
		`SELECT s.folded_seq = c.folded_seq AS isEven FROM usage_rollup_sets s, usage_rollup_sets c
		 WHERE s.generation = ? AND s.is_current = 0 AND c.is_current = 1`,
	);
	const drop = db.prepare('DELETE FROM usage_rollup_sets WHERE is_current = ?');
	const raise = db.prepare('UPDATE usage_rollup_sets SET is_current = 1 WHERE generation = ?');
	const audit = prepareAudit(db);
	return ({ generation, rebuilt }: { generation: number; rebuilt: { by: Doer; now: number } | null }): boolean => {
		const counts = rebuilt !== null;
		const set = state.get(generation) as { isEven: 0 | 1 } | undefined;
		if (!set || (counts && set.isEven === 0)) return false;
		drop.run(counts ? 1 : 0);
		if (rebuilt) {
			raise.run(generation);
			const { by, now } = rebuilt;
			audit({ at: now, ...by, action: 'usage.rebuild', object: 'roll-ups', outcome: 'done', detail: {} });
		}
		return true;
	};
});

/** Drops what a verification that was killed has left: nobody would ever end it, and each fold would go on with it. */
export const dropRollups = writeOperation('accounting.drop-rollups', (db) => {
	const drop = db.prepare('DELETE FROM usage_rollup_sets WHERE is_current = 0');
	return (_: null): void => void drop.run();
});

/** Removes a day, hour or month of sums that belong to no set; false: there is none. */
export const sweepRollups = writeOperation('accounting.sweep-rollups', (db) => {
	// By the ends of the key: to look for others would be to walk through all rows of the set that counts.
	const dropped = db
		.prepare(
			`SELECT generation FROM (SELECT min(generation) AS generation FROM usage_rollups WHERE generation > 0
			   UNION ALL SELECT max(generation) FROM usage_rollups WHERE generation > 0)
			 WHERE generation IS NOT NULL AND generation NOT IN (SELECT generation FROM usage_rollup_sets)`,
		)
		.pluck();
	const first = db.prepare('SELECT cube, at FROM usage_rollups WHERE generation = ? ORDER BY cube, at LIMIT 1').raw();
	const remove = db.prepare('DELETE FROM usage_rollups WHERE generation = ? AND cube = ? AND at = ?');
	return (_: null): boolean => {
		const generation = dropped.get() as number | undefined;
		if (generation === undefined) return false;
		remove.run(generation, ...(first.get(generation) as [number, number]));
		return true;
	};
});

export const ROLLUP_OPERATIONS = [foldUsage, readUnfolded, beginRollups, endRollups, dropRollups, sweepRollups];
