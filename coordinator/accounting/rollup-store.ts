import { prepareAudit } from '../audit/audit-store.ts';
import type { Doer } from '../audit/doer.ts';
import { writeOperation } from '../database/operation.ts';

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
	const add = db.prepare(
		'INSERT INTO usage_rollup_sets (generation, is_current, folded_seq) VALUES (?, 0, (SELECT to_seq FROM usage_forgotten))',
	);
	return (_: null): number => {
		drop.run();
		const generation = next.get() as number;
		add.run(generation);
		return generation;
	};
});

/** Ends a set that was begun: it counts from now on (audited), or is dropped. False: somebody else has begun another meanwhile. */
export const endRollups = writeOperation('accounting.end-rollups', (db) => {
	// Of days whose records are gone the other has no hours to close them by.
	const state = db.prepare(
		`SELECT s.folded_seq = c.folded_seq AND ((s.closed_at, s.closed_owner) = (c.closed_at, c.closed_owner)
		     OR (s.closed_owner, c.closed_owner) = (-1, -1) AND NOT EXISTS (SELECT 1 FROM usage_rollups r
		       WHERE r.generation = s.generation AND r.cube = 0 AND r.at >= s.closed_at AND r.at < c.closed_at)) AS isEven,
		   c.closed_at AS closedAt
		 FROM usage_rollup_sets s, usage_rollup_sets c
		 WHERE s.generation = ? AND s.is_current = 0 AND c.is_current = 1`,
	);
	const drop = db.prepare('DELETE FROM usage_rollup_sets WHERE is_current = ?');
	const raise = db.prepare('UPDATE usage_rollup_sets SET is_current = 1, closed_at = ? WHERE generation = ?');
	const audit = prepareAudit(db);
	return ({ generation, rebuilt }: { generation: number; rebuilt: { by: Doer; now: number } | null }): boolean => {
		const counts = rebuilt !== null;
		const set = state.get(generation) as { isEven: 0 | 1; closedAt: number } | undefined;
		if (!set || (counts && set.isEven === 0)) return false;
		drop.run(counts ? 1 : 0);
		if (rebuilt) {
			raise.run(set.closedAt, generation);
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

export const ROLLUP_OPERATIONS = [beginRollups, endRollups, dropRollups, sweepRollups];
