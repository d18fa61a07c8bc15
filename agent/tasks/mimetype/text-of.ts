/** Control characters that do not occur in text, as file(1) has it: all but bell to carriage return, and escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_TEXT = /[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]/;

const decode = (encoding: string, bytes: Buffer): string | null => {
	try {
		// `stream`: a character cut at the end of the sample is no error.
		return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
	} catch {
		return null;
	}
};

const wideEncoding = (bytes: Buffer): string | null => {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
	return null;
};

/**
 * The bytes as text, or null when they are data. What is neither UTF-8 nor UTF-16 with a byte order mark passes as
 * some 8-bit character set when it holds no control characters that text never has.
 */
export const textOf = (bytes: Buffer, most = bytes.length): { text: string; hasWideMark: boolean } | null => {
	const sample = bytes.subarray(0, most);
	const wide = wideEncoding(sample);
	if (wide !== null) {
		// UTF-32's mark begins as UTF-16's does; its zeros are dropped, which leaves what the rules look for.
		const isUtf32 = wide === 'utf-16le' && sample[2] === 0 && sample[3] === 0;
		const text = decode(wide, sample);
		const clean = text !== null && isUtf32 ? text.replaceAll('\0', '') : text;
		return clean !== null && !NOT_TEXT.test(clean) ? { text: clean, hasWideMark: true } : null;
	}
	const latin = sample.toString('latin1');
	if (NOT_TEXT.test(latin) || /^\xff+$/.test(latin)) return null;
	return { text: decode('utf-8', sample) ?? latin, hasWideMark: false };
};
