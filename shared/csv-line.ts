/** What spreadsheets would run as a formula; a tab or line break before it does not save anybody. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uff0b\uff0d\uff1d\uff20]/u;

/** Numbers may have their minus: a spreadsheet reads them as such. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One cell by RFC 4180; a text that a spreadsheet would run gets an apostrophe before it. */
export const csvCell = (value: string | number | boolean | null): string => {
	const text = value === null ? '' : String(value);
	const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One line with its end. */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
	`${cells.map(csvCell).join(',')}\r\n`;
