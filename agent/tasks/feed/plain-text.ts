/** Characters of markup that are looked at; more is cut off before. */
const MOST_MARKUP = 64 * 1024;

const NAMED: Readonly<Record<string, string>> = {
	...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', ndash: '–', mdash: '—' },
	...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', copy: '©', euro: '€' },
};

const character = (code: number): string =>
	code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '�';

/** Entities once: the five of XML, numeric ones, and those that are common in feeds. What is not known stays. */
export const decodeEntities = (text: string): string =>
	text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/g, (whole, decimal, hex, name) => {
		if (decimal !== undefined) return character(Number(decimal));
		if (hex !== undefined) return character(Number.parseInt(hex, 16));
		return Object.hasOwn(NAMED, name) ? NAMED[name]! : whole;
	});

/** Elements whose content is no text. */
const SILENT = /^<(script|style|template|iframe|object|svg)[\s/>]/i;
/** Elements that stand apart from what is around them. */
const APART = /^<\/?(p|div|br|li|ul|ol|tr|td|h[1-6]|blockquote|pre|hr|table|section|article)[\s/>]/i;

/** One pass from left to right, so that no markup makes it slow. */
const withoutTags = (markup: string): string => {
	const lower = markup.toLowerCase();
	let text = '';
	for (let at = 0; ; ) {
		const from = markup.indexOf('<', at);
		if (from === -1) return text + markup.slice(at);
		text += markup.slice(at, from);
		if (!/[a-zA-Z/!?]/.test(markup[from + 1] ?? '')) {
			text += '<';
			at = from + 1;
			continue;
		}
		const isComment = markup.startsWith('<!--', from);
		const end = isComment ? markup.indexOf('-->', from + 4) : markup.indexOf('>', from);
		// A tag that does not end takes the rest with it.
		if (end === -1) return text;
		const tag = markup.slice(from, Math.min(end + 1, from + 40));
		const silent = SILENT.exec(tag)?.[1]?.toLowerCase();
		const closing = silent === undefined ? -1 : lower.indexOf(`</${silent}`, end);
		if (silent !== undefined && closing === -1) return text;
		if (APART.test(tag)) text += ' ';
		at = silent === undefined ? end + (isComment ? 3 : 1) : closing;
	}
};

/** The words of a piece of HTML, in one line, cut to a length: never markup, whatever it is. */
export const plainText = (markup: string, most: number): string => {
	const text = decodeEntities(withoutTags(markup.slice(0, MOST_MARKUP)))
		.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
		.replace(/\s+/g, ' ')
		.trim();
	return Array.from(text.slice(0, most * 2))
		.slice(0, most)
		.join('');
};
