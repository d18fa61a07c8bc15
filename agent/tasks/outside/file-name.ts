/** Bytes of a name; file systems and the coordinator take 255, and somebody may add to it. */
const MOST_BYTES = 200;

/** A name that any file system takes, made of one that anybody may have written; empty when nothing is left of it. */
export const safeName = (text: string): string => {
	const name = text
		.normalize('NFC')
		// What is in front of a slash is a folder’s name, whichever way the slash leans.
		.replace(/^.*[/\\]/s, '')
		.replace(/[\p{C}<>:"|?*]/gu, '_')
		.replace(/^[\s.]+|[\s.]+$/g, '');
	return cut(name);
};

/** At a character’s border, with what stands behind the last dot kept. */
const cut = (name: string): string => {
	if (Buffer.byteLength(name) <= MOST_BYTES) return name;
	const end = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
	let stem = '';
	let left = MOST_BYTES - end.length;
	for (const character of name.slice(0, name.length - end.length)) {
		left -= Buffer.byteLength(character);
		if (left < 0) break;
		stem += character;
	}
	return stem + end;
};

const decoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

/** What a Content-Disposition header calls the file (RFC 6266); empty: nothing. */
export const dispositionName = (header: string | undefined): string => {
	const text = (header ?? '').slice(0, 4096);
	const extended = /;\s*filename\*\s*=\s*(?:utf-8|iso-8859-1)'[^']*'([^;\s]+)/i.exec(text)?.[1];
	if (extended !== undefined) return decoded(extended);
	const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(text)?.[1];
	if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
	return /;\s*filename\s*=\s*([^;\s"]+)/i.exec(text)?.[1] ?? '';
};

/** How a fetched file is called: as asked for, else as its server says, else as the address ends. */
export const fetchedName = (asked: string | undefined, disposition: string | undefined, url: string): string => {
	const last = decoded(new URL(url).pathname.split('/').at(-1) ?? '');
	for (const name of [asked ?? '', dispositionName(disposition), last]) {
		const safe = safeName(name);
		if (safe !== '') return safe;
	}
	return 'download';
};
