import type { Database, Statement } from 'better-sqlite3';
import type { CutBy, UsageKind } from '../../shared/protocol/usage.ts';
import { USAGE_KINDS } from '../../shared/protocol/usage.ts';
import { readOperation } from '../database/operation.ts';
import { ALL_MEMBERS, membersOf } from '../qos/member-store.ts';
import { CURRENT_SET } from './all-sums.ts';
import { preparePersonOf, preparePersonSeq } from './people.ts';
import { type BucketWish, bucketsOf, SUMS } from './rollup-cubes.ts';
import { addSums, NO_SUMS, type Sums } from './usage-sums.ts';

/** What usage is narrowed down to; null: not by that. */
export interface CutFilter {
	/** An id or a name; the others: public ids. */
	owner: string | null;
	group: string | null;
	node: string | null;
	serviceClass: string | null;
	queue: string | null;
	type: string | null;
	kind: UsageKind | null;
}

export interface CutRow {
	key: string | null;
	name: string | null;
	charged: Sums;
	lost: Sums;
	/** Of what was charged in and out: what went to and from nodes. */
	nodes: readonly [bytesIn: number, bytesOut: number];
}

const KEYS: Record<CutBy, string> = {
	owner: 'r.owner_seq',
	group: 'r.owner_seq',
	class: 'r.service_class',
	queue: 'r.queue',
	node: 'r.node',
	type: 'r.task_type',
	kind: 'r.kind',
	hour: 'b.value ->> 2',
	day: 'b.value ->> 2',
};

const ATTEMPT = USAGE_KINDS.indexOf('attempt');
const NOTHING = { charged: NO_SUMS, lost: NO_SUMS, nodes: [0, 0] } as const;
type Shares = Omit<CutRow, 'key' | 'name'>;

const added = (there: Shares, [, charged, nodesIn, nodesOut, ...sums]: Found): Shares =>
	charged
		? {
				...there,
				charged: addSums(there.charged, sums),
				nodes: [there.nodes[0] + nodesIn, there.nodes[1] + nodesOut],
			}
		: { ...there, lost: addSums(there.lost, sums) };

/**
 * Buckets come first and lead to their rows by the key: what lies outside them is not even looked at. Generation 0 has
 * what came of records that are gone.
 */
const sqlOf = (by: CutBy, narrowed: { owner: boolean; group: boolean }): string => `
	SELECT ${KEYS[by]} AS key, r.charged, sum(iif(r.kind = ${ATTEMPT}, r.bytes_in, 0)), sum(iif(r.kind = ${ATTEMPT}, r.bytes_out, 0)),
	  ${SUMS.map((sum) => `sum(r.${sum})`).join(', ')}
	FROM json_each(@buckets) b CROSS JOIN usage_rollups r
	  ON r.generation IN (0, @generation) AND r.cube = b.value ->> 0 AND r.at = b.value ->> 1
	  ${narrowed.owner ? 'AND r.owner_seq = @owner' : ''}
	WHERE (@serviceClass IS NULL OR r.service_class = @serviceClass) AND (@queue IS NULL OR r.queue = @queue)
	  AND (@node IS NULL OR r.node = @node) AND (@type IS NULL OR r.task_type = @type) AND (@kind IS NULL OR r.kind = @kind)
	  ${narrowed.group ? `AND r.owner_seq IN (${membersOf('@group')})` : ''}
	GROUP BY 1, 2`;

type Found = [key: number, charged: 0 | 1, nodesIn: number, nodesOut: number, ...sums: number[]];

/** Turns numbers of a cut into ids and names that people know. */
const prepareKeys = (db: Database) => {
	const person = preparePersonOf(db);
	const word = db.prepare('SELECT name FROM usage_names WHERE seq = ?').pluck();
	const node = db.prepare('SELECT name FROM nodes WHERE id = ?').pluck();
	const group = db.prepare('SELECT id AS key, name FROM groups WHERE seq = ?');
	return (by: CutBy, key: number): { key: string | null; name: string | null } => {
		if (by === 'owner') return person(key);
		if (by === 'group') return group.get(key) as { key: string; name: string };
		if (by === 'hour' || by === 'day') return { key: new Date(key).toISOString(), name: null };
		if (by === 'kind') return { key: USAGE_KINDS[key]!, name: USAGE_KINDS[key]! };
		const name = (word.get(key) as string | undefined) ?? null;
		if (by !== 'node' || name === null) return { key: name, name };
		return { key: name, name: (node.get(name) as string | undefined) ?? null };
	};
};

/** The sums that count, and up to when there are days and months of them. */
const prepareSet = (db: Database) => {
	const select = db.prepare(`SELECT generation, closed_at AS closedAt ${CURRENT_SET}`);
	return () => select.get() as { generation: number; closedAt: number };
};

/** Sums of all that the filter lets through, told apart by one dimension; people in two groups count in both. Throws `not-found`. */
export const readCut = readOperation('accounting.read-cut', (db) => {
	const set = prepareSet(db);
	const personSeq = preparePersonSeq(db);
	const groupSeq = db.prepare('SELECT seq FROM groups WHERE id = ?').pluck();
	const word = db.prepare('SELECT seq FROM usage_names WHERE name = ?').pluck();
	const members = db.prepare(ALL_MEMBERS).raw();
	const keyOf = prepareKeys(db);
	const statements = new Map<string, Statement>();
	const statementOf = (by: CutBy, owner: boolean, group: boolean): Statement => {
		const name = `${by} ${owner} ${group}`;
		const statement = statements.get(name) ?? db.prepare(sqlOf(by, { owner, group })).raw();
		statements.set(name, statement);
		return statement;
	};
	// -1 is nobody and nothing: what is not known has used nothing.
	const seqOf = (statement: Statement, value: string | null): number | null =>
		value === null ? null : ((statement.get(value) as number | undefined) ?? -1);

	const read = ({ wish, by, filter }: { wish: BucketWish; by: CutBy; filter: CutFilter }) => {
		const { generation, closedAt } = set();
		const rows = statementOf(by, filter.owner !== null, filter.group !== null).all({
			generation,
			buckets: JSON.stringify(bucketsOf(wish, closedAt)),
			...(filter.owner === null ? {} : { owner: personSeq(filter.owner) }),
			...(filter.group === null ? {} : { group: seqOf(groupSeq, filter.group) }),
			node: seqOf(word, filter.node),
			serviceClass: seqOf(word, filter.serviceClass),
			queue: seqOf(word, filter.queue),
			type: seqOf(word, filter.type),
			kind: filter.kind === null ? null : USAGE_KINDS.indexOf(filter.kind),
		}) as Found[];
		const byKey = new Map<number, Shares>();
		let total: Shares = NOTHING;
		const groupsOf = new Map<number, number[]>();
		if (by === 'group') {
			for (const [top, user] of members.all() as [number, number][]) {
				groupsOf.set(user, [...(groupsOf.get(user) ?? []), top]);
			}
		}
		for (const row of rows) {
			total = added(total, row);
			for (const one of by === 'group' ? (groupsOf.get(row[0]) ?? []) : [row[0]]) {
				byKey.set(one, added(byKey.get(one) ?? NOTHING, row));
			}
		}
		const items = [...byKey].map(([key, sums]): CutRow => ({ ...keyOf(by, key), ...sums }));
		return { total, items };
	};
	// One view for all statements.
	return db.transaction(read);
});

/** One person's, by day (UTC) and kind of work, from sums of days and, at the ends, of hours. */
export const readOwnUsage = readOperation('accounting.read-own-usage', (db) => {
	const set = prepareSet(db);
	const select = db
		.prepare(
			`SELECT b.value ->> 2 AS day, coalesce(n.name, r.kind) AS what, ${SUMS.map((sum) => `sum(r.${sum})`).join(', ')}
			 FROM json_each(@buckets) b CROSS JOIN usage_rollups r
			   ON r.generation IN (0, @generation) AND r.cube = b.value ->> 0 AND r.at = b.value ->> 1
			   AND r.owner_seq = @ownerSeq
			 LEFT JOIN usage_names n ON n.seq = r.task_type
			 WHERE r.charged = 1 GROUP BY 1, 2 ORDER BY 1, 2`,
		)
		.raw();
	const read = ({ wish, ownerSeq }: { wish: BucketWish; ownerSeq: number }) => {
		const { generation, closedAt } = set();
		const buckets = JSON.stringify(bucketsOf(wish, closedAt));
		const rows = select.all({ generation, ownerSeq, buckets }) as [number, string | number, ...Sums][];
		return rows.map(([day, what, ...sums]) => ({
			day,
			what: typeof what === 'number' ? USAGE_KINDS[what]! : what,
			sums,
		}));
	};
	// One view for both.
	return db.transaction(read);
});

export const CUT_OPERATIONS = [readCut, readOwnUsage];
