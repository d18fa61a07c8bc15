/** How far back one looks. */
export const RANGES = {
	'1h': { word: '1 h', ms: 3_600_000, rereadMs: 15_000 },
	'24h': { word: '24 h', ms: 86_400_000, rereadMs: 60_000 },
	'7d': { word: '7 d', ms: 7 * 86_400_000, rereadMs: 300_000 },
	'1y': { word: '1 y', ms: 365 * 86_400_000, rereadMs: 600_000 },
} as const;
export type Range = keyof typeof RANGES;

/** Single attempts are seen in a day at most. */
export const MOST_TIMELINE_MS = RANGES['24h'].ms;

/** As the address has it; what is no range is an hour. */
export const rangeOf = (text: string): Range => (Object.hasOwn(RANGES, text) ? (text as Range) : '1h');
