/** So many characters of a secret in a row are enough to give it away piece by piece. */
const PIECE = 4;
const MASK = '•••';
const MOST_LOOKED_AT = 2_000;

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** A secret as it can come back: as it is, in a URL, in hex, and in base64 wherever in it it begins. */
const formsOf = (username: string | null, password: string): string[] => {
	const bytes = Buffer.from(password);
	const encoded = [0, 1, 2].map((before) => {
		// Only what depends on nothing but the secret.
		const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
		return text.slice(before === 0 ? 0 : before + 1).replace(/.?=+$/, '');
	});
	const all = [password, ...encoded, base64(password), base64(`\0${username}\0${password}`), bytes.toString('hex')];
	return [...all, ...all.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
};

/**
 * What a server said, as it may be shown and kept: answers may repeat what they were told, whole, in pieces, or in another
 * form. Its first line is told, without any word that shares a piece with the password.
 */
export const cleanerOf = (who: { username: string | null; password: string | null }): ((text: string) => string) => {
	const pieces = new Set<string>();
	for (const form of who.password === null ? [] : formsOf(who.username, who.password)) {
		for (let at = 0; at + PIECE <= form.length; at++) pieces.add(form.slice(at, at + PIECE).toLowerCase());
	}
	const isTelling = (word: string): boolean => {
		const text = word.toLowerCase();
		for (let at = 0; at + PIECE <= text.length; at++) if (pieces.has(text.slice(at, at + PIECE))) return true;
		return false;
	};
	return (text) => {
		const line = text.slice(0, MOST_LOOKED_AT).split(/[\r\n]/, 1)[0] ?? '';
		// A password may have spaces in it.
		if (who.password !== null && /\s/.test(who.password) && isTelling(line)) return codesOf(line);
		return line.replace(/\S+/g, (word) => (isTelling(word) ? MASK : word));
	};
};

/** The numbers that an answer begins with, which are all that is told of a refused password. */
export const codesOf = (answer: string): string =>
	/^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3}(?=\s|$))?/.exec(answer)?.[0].replace('-', ' ') ?? '';
