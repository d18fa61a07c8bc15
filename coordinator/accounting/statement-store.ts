import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import type { Statement, StatementScope } from '../../shared/protocol/statement.ts';
import { USAGE_KINDS, type UsageKind } from '../../shared/protocol/usage.ts';
import { readOperation } from '../database/operation.ts';
import { membersOf } from '../qos/member-store.ts';
import { ALL_SUMS, CURRENT_SET } from './all-sums.ts';
import { preparePersonOf, preparePersonSeq } from './people.ts';
import { type Bucket, SUMS } from './rollup-cubes.ts';
import type { Sums } from './usage-sums.ts';

/** Whose statement is wanted: one person's, a group's, or, with neither, everybody's. */
export interface StatementOf {
	owner?: string | undefined;
	group?: string | undefined;
}

export interface StatementLineRow {
	kind: UsageKind;
	type: string | null;
	serviceClass: string | null;
	sums: Sums;
}
interface PersonRow {
	id: string | null;
	name: string | null;
	sums: Sums;
}
export interface StatementRows {
	of: StatementScope;
	lines: StatementLineRow[];
	people: PersonRow[];
	corrections: (Omit<Statement['corrections'][number], 'at'> & { at: number })[];
	correctionsLeft: number;
}

/** More people than that are a statement that nobody reads: groups of them are. */
const MOST_PEOPLE = 10_000;
const MOST_CORRECTIONS = 1_000;

type Scope = StatementScope['kind'];

const OWNERS: Record<Scope, (column: string) => string> = {
	person: (column) => `AND ${column} = @seq`,
	group: (column) => `AND ${column} IN (${membersOf('@seq')})`,
	everybody: () => '',
};
const SUMMED = SUMS.map((sum) => `sum(r.${sum})`).join(', ');
const ROLLUPS = `FROM json_each(@buckets) b CROSS JOIN usage_rollups r
	ON r.generation IN ${ALL_SUMS}
	AND r.cube = b.value ->> 0 AND r.at = b.value ->> 1`;

const prepareScope = (db: Database, scope: Scope) => {
	const owners = OWNERS[scope];
	const corrections = `FROM usage_corrections c WHERE c.at >= @from AND c.at < @to
		AND c.seq <= (SELECT folded_seq ${CURRENT_SET}) ${owners('c.owner_seq')}`;
	return {
		lines: db
			.prepare(
				`SELECT r.kind, t.name, k.name, ${SUMMED} ${ROLLUPS} ${owners('r.owner_seq')}
				 LEFT JOIN usage_names t ON t.seq = r.task_type LEFT JOIN usage_names k ON k.seq = r.service_class
				 WHERE r.charged = 1 GROUP BY r.kind, r.task_type, r.service_class ORDER BY r.kind, t.name, k.name`,
			)
			.raw(),
		// Those who were deleted keep their ids here and nothing else.
		people: db
			.prepare(
				`SELECT coalesce(u.id, d.user_id), u.username, ${SUMMED} ${ROLLUPS} ${owners('r.owner_seq')}
				 LEFT JOIN users u ON u.seq = r.owner_seq LEFT JOIN deleted_people d ON d.user_seq = r.owner_seq
				 WHERE r.charged = 1 GROUP BY r.owner_seq ORDER BY u.username_key, r.owner_seq LIMIT ${MOST_PEOPLE + 1}`,
			)
			.raw(),
		corrections: db.prepare(
			`SELECT c.seq AS record, c.at, coalesce(u.id, d.user_id) AS owner, c.amount_micro AS amountMicro, c.reason
			 FROM (SELECT * ${corrections} ORDER BY c.seq LIMIT ${MOST_CORRECTIONS}) c
			 LEFT JOIN users u ON u.seq = c.owner_seq LEFT JOIN deleted_people d ON d.user_seq = c.owner_seq ORDER BY c.seq`,
		),
		correctionCount: db.prepare(`SELECT count(*) ${corrections}`).pluck(),
	};
};

/** What a statement is made of, from sums that are kept when records are not any more. Throws `not-found`. */
export const readStatement = readOperation('accounting.read-statement', (db) => {
	const personSeq = preparePersonSeq(db);
	const personOf = preparePersonOf(db);
	const group = db.prepare('SELECT seq, id, name FROM groups WHERE id = ?');
	const scopes = {
		person: prepareScope(db, 'person'),
		group: prepareScope(db, 'group'),
		everybody: prepareScope(db, 'everybody'),
	};
	type Named = { seq: number; id: string | null; name: string | null };
	const findPerson = (named: string): Named => {
		const seq = personSeq(named);
		const { key: id, name } = personOf(seq);
		return { seq, id, name };
	};
	const find = ({ owner, group: asked }: StatementOf): [Scope, Named | null] => {
		if (owner !== undefined) return ['person', findPerson(owner)];
		if (asked !== undefined) return ['group', (group.get(asked) ?? null) as Named | null];
		return ['everybody', null];
	};
	const read = (args: { of: StatementOf; buckets: readonly Bucket[]; from: number; to: number }): StatementRows => {
		const [kind, named] = find(args.of);
		if (named === null && kind !== 'everybody') {
			throw new CodedError('not-found', 'There is no group of that id.');
		}
		const scope = scopes[kind];
		const who = named === null ? {} : { seq: named.seq };
		const summed = { ...who, buckets: JSON.stringify(args.buckets) };
		const period = { ...who, from: args.from, to: args.to };
		const lines = scope.lines.all(summed) as [number, string | null, string | null, ...Sums][];
		const people = (kind === 'person' ? [] : scope.people.all(summed)) as [string | null, string | null, ...Sums][];
		if (people.length > MOST_PEOPLE) {
			throw new CodedError(
				'too-many-things',
				`More than ${MOST_PEOPLE} people used something then: ask for statements of groups or persons.`,
			);
		}
		const corrections = scope.corrections.all(period) as StatementRows['corrections'];
		return {
			of: { kind, id: named?.id ?? null, name: named?.name ?? null },
			lines: lines.map(([of, type, serviceClass, ...sums]) => ({ kind: USAGE_KINDS[of]!, type, serviceClass, sums })),
			people: people.map(([id, name, ...sums]) => ({ id, name, sums })),
			corrections,
			correctionsLeft: (scope.correctionCount.get(period) as number) - corrections.length,
		};
	};
	// One view for all statements.
	return db.transaction(read);
});

export const STATEMENT_OPERATIONS = [readStatement];
