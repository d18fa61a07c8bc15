import { csvLine } from '../../shared/csv-line.ts';
import type { AuditRow } from './audit-entry.ts';

export type AuditFormat = 'csv' | 'json';

const COLUMNS = ['seq', 'at', 'actor', 'action', 'object', 'outcome', 'address', 'detail', 'blanked', 'hash'] as const;

/** An entry as it is told outside. */
export const auditView = (row: AuditRow) => ({ ...row, at: new Date(row.at).toISOString() });

const lineOf = (row: AuditRow): string => {
	const view = auditView(row);
	return csvLine(
		COLUMNS.map((column) => {
			const value = view[column];
			return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
		}),
	);
};

/** The text of an export, piece by piece: CSV with a heading, or JSON, one entry a line. Times are UTC. */
export async function* auditText(rows: AsyncIterable<AuditRow>, format: AuditFormat): AsyncGenerator<string> {
	if (format === 'csv') yield csvLine(COLUMNS);
	let piece = '';
	for await (const row of rows) {
		piece += format === 'csv' ? lineOf(row) : `${JSON.stringify(auditView(row))}\n`;
		if (piece.length < 65_536) continue;
		yield piece;
		piece = '';
	}
	if (piece !== '') yield piece;
}
