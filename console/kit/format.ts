import { bytesInWords } from '../../shared/byte-words.ts';
import { durationInWords } from '../../shared/duration-words.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 1.5 MB */
export const formatBytes = (bytes: number): string =>
	Number.isFinite(bytes) && bytes >= 0 ? bytesInWords(bytes) : '–';

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

export { counted as plural, countInWords as formatCount } from '../../shared/count-words.ts';

/** How long something took, as everything else of the program says it. */
export const formatDuration = (ms: number): string => (Number.isFinite(ms) && ms >= 0 ? durationInWords(ms) : '–');

/** What is left, rounded as guesses should be: a few seconds, about 20 s, about 3 min. */
export const formatEstimate = (ms: number): string => {
	if (ms < 5 * SECOND) return 'a few seconds';
	if (ms < 50 * SECOND) return `about ${Math.ceil(ms / (5 * SECOND)) * 5} s`;
	if (ms < 90 * MINUTE) return `about ${Math.max(1, Math.round(ms / MINUTE))} min`;
	return `about ${Math.round(ms / HOUR)} h`;
};

/** just now, 5 min ago, in 3 h, yesterday, 4 d ago; from 30 days on the date itself. */
export const formatRelative = (at: Date, now: Date): string => {
	const ms = now.getTime() - at.getTime();
	const span = Math.abs(ms);
	if (span < 10 * SECOND) return ms >= 0 ? 'just now' : 'in a moment';
	const word = (text: string) => (ms >= 0 ? `${text} ago` : `in ${text}`);
	if (span < MINUTE) return word(`${Math.floor(span / SECOND)} s`);
	if (span < HOUR) return word(`${Math.floor(span / MINUTE)} min`);
	if (span < DAY) return word(`${Math.floor(span / HOUR)} h`);
	if (span < 30 * DAY) return word(`${Math.floor(span / DAY)} d`);
	return formatDay(at);
};

/** 3 Mar 2026 */
export const formatDay = (at: Date): string =>
	at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** To the second with the zone's name, for hovering and for reading aloud. */
export const formatExact = (at: Date, timeZone?: string): string =>
	at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long', ...(timeZone ? { timeZone } : {}) });

/** 40 % */
export const formatPercent = (share: number): string => `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;
