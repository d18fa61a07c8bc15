import type { Json } from '../../shared/protocol/json.ts';
import { MAX_NAME_BYTES, parseName } from '../files/safe-path.ts';

/** What a name can be made of. */
export interface NameParts {
	/** Name of the file that was worked on; null when there was none. */
	input: string | null;
	output: string;
	type: string;
	at: number;
	/** Its numbers and short texts can be used too, such as `{width}`. */
	result: Readonly<Record<string, Json>>;
}

/** Of what a result puts into a name, in characters. */
const MOST_TEXT = 64;

const cut = (name: string): { stem: string; ext: string } => {
	const dot = name.lastIndexOf('.');
	// Neither `.profile` nor a very long ending has an extension.
	return dot > 0 && name.length - dot <= 16
		? { stem: name.slice(0, dot), ext: name.slice(dot + 1) }
		: { stem: name, ext: '' };
};

/** Without what no name may hold: the result is an agent's word, the input's name anybody's. */
const plain = (text: string): string =>
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what goes
	text.replace(/[/\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '_').trim();

const shortened = (name: string): string => {
	const { stem, ext } = cut(name);
	const ending = ext === '' ? '' : `.${ext}`;
	// A name has no more characters than bytes: what is far too long is cut in one go.
	let short = [...stem].slice(0, MAX_NAME_BYTES).join('');
	while (Buffer.byteLength(short + ending) > MAX_NAME_BYTES) short = [...short].slice(0, -1).join('');
	return short + ending;
};

/**
 * The name of a file that an output becomes, from a template such as `{stem}-{width}x{height}.{ext}`. `{ext}` is the
 * output's, which says what is in it, and the input's where the output has none. What comes to nothing that can be a
 * name is called `output`.
 */
export const fileName = (template: string, { input, output, type, at, result }: NameParts): string => {
	const made = cut(output);
	const ext = made.ext === '' ? cut(input ?? '').ext : made.ext;
	const parts = new Map<string, string>([
		['stem', input === null ? type : cut(input).stem],
		['name', input ?? output],
		['ext', ext],
		['type', type],
		['date', new Date(at).toISOString().slice(0, 10)],
		['output', output],
	]);
	const name = template.replace(/\{([A-Za-z][A-Za-z0-9]{0,39})\}/g, (_, key: string) => {
		const part = parts.get(key);
		if (part !== undefined) return part;
		const value = Object.hasOwn(result, key) ? result[key] : undefined;
		return typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, MOST_TEXT) : '';
	});
	// An input without an extension leaves a dot at the end.
	const tidy = shortened(plain(name).replace(/\.+$/, ''));
	try {
		return parseName(tidy);
	} catch {
		return ext === '' ? 'output' : shortened(plain(`output.${ext}`));
	}
};
