import type { Json } from '../../../../shared/protocol/json.ts';
import { bytesInWords, durationInWords } from '../../terminal/words.ts';

/** The single values of settings with their paths; a list and a rate are one value. */
export const leavesOf = (value: object, path = ''): [path: string, value: Json][] =>
	(Object.entries(value) as [string, Json][]).flatMap(([key, inner]): [string, Json][] => {
		const at = path === '' ? key : `${path}.${key}`;
		const isInner = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && !('perMinute' in inner);
		return isInner ? leavesOf(inner, at) : [[at, inner]];
	});

/** A value as a person reads it. */
export const valueInWords = (path: string, value: Json): string => {
	if (value === null) return 'no limit';
	if (typeof value === 'number' && /bytes/i.test(path)) return bytesInWords(value);
	if (typeof value === 'number' && path.endsWith('Ms')) return durationInWords(value);
	if (Array.isArray(value)) return value.join(', ');
	if (typeof value === 'object') {
		const { perMinute, burst } = value;
		return perMinute === undefined ? JSON.stringify(value) : `${perMinute} a minute, ${burst} at once`;
	}
	return String(value);
};
