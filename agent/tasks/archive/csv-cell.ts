/**
 * A cell of a CSV file. A name that a spreadsheet would take for a formula gets a quotation mark before it: it is
 * somebody else's text and must not calculate on the machine of whoever opens it.
 */
export const csvCell = (text: string): string => {
	const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
