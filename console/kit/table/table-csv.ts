import { csvLine } from '../../../shared/csv-line.ts';
import type { TableColumn } from './table-column.ts';

/** A table as CSV (RFC 4180), its columns' heads first. */
export const tableCsv = <T>(rows: readonly T[], columns: readonly TableColumn<T>[]): string => {
	const told = columns.filter(({ value }) => value !== undefined);
	const lines = rows.map((row) => csvLine(told.map(({ value }) => value?.(row) ?? '')));
	return [csvLine(told.map(({ head }) => head)), ...lines].join('');
};

/** Hands a text to the browser as a file to be saved. */
export const saveText = (text: string, name: string, type: string): void => saveBlob(new Blob([text], { type }), name);

export const saveBlob = (content: Blob, name: string): void => {
	const address = URL.createObjectURL(content);
	const link = document.createElement('a');
	link.href = address;
	link.download = name;
	link.click();
	// Some browsers read it only after the click has been handled.
	setTimeout(() => URL.revokeObjectURL(address), 10_000);
};
