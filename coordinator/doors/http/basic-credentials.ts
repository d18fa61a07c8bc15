/** What is told who shows nothing, or nothing that is good; the character set is RFC 7617's only one. */
export const BASIC_CHALLENGE = 'Basic realm="Millrace", charset="UTF-8"';

const MOST_HEADER = 1_024;
/** Base 64 with its padding or without; some programs leave that off. */
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;
const NOT_SHOWN = /\p{Cc}/u;

/** Name and password of an `Authorization` header; the password may hold colons. Null for all that is not well-formed. */
export const readBasic = (header: string): { username: string; password: string } | null => {
	const encoded = header.length > MOST_HEADER ? undefined : BASIC.exec(header)?.[1];
	if (encoded === undefined) return null;
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, 'base64'));
	} catch {
		return null;
	}
	const colon = text.indexOf(':');
	if (colon < 1 || NOT_SHOWN.test(text)) return null;
	return { username: text.slice(0, colon), password: text.slice(colon + 1) };
};
