import type { TimeRange } from '../../../shared/protocol/waiting.ts';
import { localTime } from '../terminal/words.ts';

/** `between 12:03:10 and 12:05:40 (80 % sure)`. */
export const rangeInWords = (range: TimeRange | null): string =>
	range === null
		? 'not known yet'
		: `between ${localTime(range.earliest)} and ${localTime(range.latest)} (${Math.round(range.confidence * 100)} % sure)`;
