import { valueInWords } from '../../../../shared/class-setting-words.ts';
import { singleValues } from '../../../../shared/single-values.ts';

/** Longer values are cut: `class show` has them whole. */
const MOST_CHARACTERS = 80;

const words = (values: ReadonlyMap<string, string>, path: string): string => {
	const text = values.get(path) ?? valueInWords(path, null);
	return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
};

const inWords = (settings: object): Map<string, string> =>
	new Map(singleValues(settings).map(([path, value]) => [path, valueInWords(path, value)]));

/** What differs between two versions of a class: `band: 5 -> 7`. */
export const classChanges = (before: object, after: object): string[] => {
	const [was, is] = [inWords(before), inWords(after)];
	const none = (path: string) => valueInWords(path, null);
	return [...new Set([...was.keys(), ...is.keys()])]
		.filter((path) => (was.get(path) ?? none(path)) !== (is.get(path) ?? none(path)))
		.map((path) => `${path}: ${words(was, path) || 'nothing'} -> ${words(is, path) || 'nothing'}`);
};
