/** What spreadsheets would run as a formula; a tab or line break before it does not save anybody. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@\uff0b\uff0d\uff1d\uff20]/u;

/** Numbers may have their minus: a spreadsheet reads them as such. */
const NUMBER = /^-?\d+(\.\d+)?$/;

/** What turns the rest of a line round, or ends it for some programs: it is shown, not obeyed. Tabs and line breaks stay. */
const UNSEEN = /(?![\t\n\r])[\p{Bidi_Control}\p{Cc}]/gu;

const seen = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** One cell by RFC 4180; a text that a spreadsheet would run gets an apostrophe before it. */
export const csvCell = (value: string | number | boolean | null): string => {
	const text = value === null ? '' : String(value);
	const guarded = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
	const safe = guarded.replace(UNSEEN, seen);
	return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One line with its end. */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
	`${cells.map(csvCell).join(',')}\r\n`;
