import { bytesInWords } from './byte-words.ts';
import { durationInWords } from './duration-words.ts';
import type { Json } from './protocol/json.ts';

export const NO_LIMIT = 'no limit';

/** A value as a person reads it. */
export const valueInWords = (path: string, value: Json): string => {
	if (value === null) return NO_LIMIT;
	if (typeof value === 'number' && /bytes/i.test(path)) return bytesInWords(value);
	if (typeof value === 'number' && path.endsWith('Ms')) return durationInWords(value);
	if (Array.isArray(value)) return value.join(', ');
	if (typeof value === 'object') {
		if (Object.keys(value).length === 0) return NO_LIMIT;
		const { perMinute, burst } = value;
		return perMinute === undefined ? JSON.stringify(value) : `${perMinute} a minute, ${burst} at once`;
	}
	return String(value);
};
