import { errorFacts } from './error-facts.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const MOST_FIELDS = 30;
const MOST_WORDS = 300;
/** The newest that fit. Characters. */
const MOST_LOG = 1024 * 1024;
/** Words of messages, which are constants of the program; whatever looks otherwise is taken out all the same. */
const PLAIN = /^[a-z’'-]{1,30}[,.:;]?$/;
const FIELD = /^[A-Za-z]{1,30}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const plainWords = (text: string): string =>
	text
		.slice(0, MOST_WORDS)
		.split(/\s+/)
		.map((each) => (PLAIN.test(each) ? each : '…'))
		.join(' ');

/** Numbers and switches stay, text is told apart but not told, and the rest is left out. */
const fieldsOf = (fields: object, names: Pseudonyms): Record<string, string | number | boolean> => {
	const kept: Record<string, string | number | boolean> = {};
	for (const [name, value] of Object.entries(fields).slice(0, MOST_FIELDS)) {
		if (!FIELD.test(name)) continue;
		if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
		else if (typeof value === 'string') kept[name] = names.of(name, value);
	}
	return kept;
};

/** A line of the log without what it tells of people and their things; null for what is none. */
const redacted = (line: string, names: Pseudonyms): object | null => {
	let found: unknown;
	try {
		found = JSON.parse(line);
	} catch {
		return null;
	}
	if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
	const { time, level, msg, err, ...fields } = found as Record<string, unknown>;
	if (typeof time !== 'string' || !TIME.test(time)) return null;
	return {
		time,
		level: LEVELS[Number(level)] ?? 'other',
		msg: typeof msg === 'string' ? plainWords(msg) : '',
		...(err === undefined ? {} : { err: errorFacts(err) }),
		...fieldsOf(fields, names),
	};
};

/** The newest lines, redacted, oldest first: one JSON object a line. What is no line of a coordinator's log is counted only. */
export const redactedLog = (lines: readonly string[], names: Pseudonyms): string => {
	const kept: string[] = [];
	let [chars, unread] = [0, 0];
	for (let at = lines.length - 1; at >= 0 && chars < MOST_LOG; at -= 1) {
		const text = lines[at]?.trim();
		if (!text) continue;
		const line = redacted(text, names);
		if (line === null) unread += 1;
		else {
			const json = JSON.stringify(line);
			kept.push(json);
			chars += json.length;
		}
	}
	const last = unread === 0 ? [] : [JSON.stringify({ linesThatAreNotOfThisLog: unread })];
	return [...kept.reverse(), ...last].map((line) => `${line}\n`).join('');
};
