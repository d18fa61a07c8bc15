import { bytesInWords } from '../../shared/byte-words.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 1.5 MB */
export const formatBytes = (bytes: number): string =>
	Number.isFinite(bytes) && bytes >= 0 ? bytesInWords(bytes) : '–';

export const formatRate = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`;

/** 12,345 */
export const formatCount = (count: number): string => count.toLocaleString('en');

/** `1 file`, `2 files`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
	`${formatCount(count)} ${count === 1 ? one : many}`;

/** How long something took: 12 ms, 3.4 s, 2 min 5 s, 3 h 20 min, 2 d 4 h. */
export const formatDuration = (ms: number): string => {
	if (!Number.isFinite(ms) || ms < 0) return '–';
	if (ms < 999.5) return `${Math.round(ms)} ms`;
	if (ms < 9_950) return `${(ms / SECOND).toFixed(1)} s`;
	const seconds = Math.round(ms / SECOND);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3_600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
	const minutes = Math.round(ms / MINUTE);
	if (minutes < 1_440) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
	const hours = Math.round(ms / HOUR);
	return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
};

const pair = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
	small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

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
	return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
};

/** To the second with the zone's name, for hovering and for reading aloud. */
export const formatExact = (at: Date, timeZone?: string): string =>
	at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'long', ...(timeZone ? { timeZone } : {}) });

/** 40 % */
export const formatPercent = (share: number): string => `${Math.floor(Math.min(1, Math.max(0, share)) * 100)} %`;
