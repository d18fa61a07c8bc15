import type { Json } from './protocol/json.ts';

/** What is one value though it is an object: a list, a rate, and a table with nothing in it. */
const isOne = (value: Json): boolean =>
	typeof value !== 'object' ||
	value === null ||
	Array.isArray(value) ||
	'perMinute' in value ||
	Object.keys(value).length === 0;

/** The single values in settings with their paths, such as `caps.running`. */
export const singleValues = (settings: object, path = ''): [path: string, value: Json][] =>
	(Object.entries(settings) as [string, Json][]).flatMap(([key, value]): [string, Json][] => {
		const at = path === '' ? key : `${path}.${key}`;
		return isOne(value) ? [[at, value]] : singleValues(value as object, at);
	});
