import { csvLine } from '../../shared/csv-line.ts';
import type { Statement } from '../../shared/protocol/statement.ts';
import type { UsageSums } from '../../shared/protocol/usage.ts';
import { SUM_COLUMNS, sumCells } from '../../shared/usage-csv.ts';

/** Names and order stay; what comes new comes last. */
const COLUMNS = [
	...(['row', 'month', 'zone', 'state', 'asOf', 'scope', 'scopeId', 'scopeName', 'kind', 'what', 'class'] as const),
	...(['person', 'personName'] as const),
	...SUM_COLUMNS,
	...(['currency', 'record', 'at', 'reason'] as const),
] as const;

/** Cells of a row by their columns; what it has nothing of is empty. */
type Row = { row: 'line' | 'person' | 'correction' | 'total' } & Partial<
	Record<(typeof COLUMNS)[number], string | number | null>
>;

const sumsOf = (sums: UsageSums): Partial<Row> => {
	const cells = sumCells(sums);
	return Object.fromEntries(SUM_COLUMNS.map((column, at) => [column, cells[at]]));
};

/** A statement as one table: lines, which come to the total; the same by person; corrections one by one; the total. */
export const statementCsv = (statement: Statement): string => {
	const { month, zone, state, asOf, currency, of } = statement;
	const same = { month, zone, state, asOf, currency, scope: of.kind, scopeId: of.id, scopeName: of.name };
	const rows: Row[] = [
		...statement.lines.map(
			(line): Row => ({ row: 'line', kind: line.kind, what: line.what, class: line.class, ...sumsOf(line) }),
		),
		...statement.people.map(
			(person): Row => ({ row: 'person', person: person.id, personName: person.name, ...sumsOf(person) }),
		),
		...statement.corrections.map(({ owner, ...rest }): Row => ({ row: 'correction', person: owner, ...rest })),
		{ row: 'total', ...sumsOf(statement.total) },
	];
	const lines = rows.map((row) => {
		const cells: Partial<Record<(typeof COLUMNS)[number], string | number | null>> = { ...same, ...row };
		return csvLine(COLUMNS.map((column) => cells[column] ?? null));
	});
	return csvLine(COLUMNS) + lines.join('');
};
