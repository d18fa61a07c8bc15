/** What spreadsheets take for a formula when a cell begins with it. */
const FORMULA = /^[=+\-@\t\r]/;

const cellOf = (value: string | number | boolean | null): string => {
	if (value === null) return '';
	if (typeof value !== 'string') return String(value);
	const guarded = FORMULA.test(value) ? `'${value}` : value;
	return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
};

/** One line of a CSV file (RFC 4180). Text that a spreadsheet would run gets an apostrophe before it; numbers stay. */
export const csvLine = (values: readonly (string | number | boolean | null)[]): string =>
	`${values.map(cellOf).join(',')}\r\n`;
