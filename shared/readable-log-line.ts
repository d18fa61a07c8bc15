const LEVELS: Readonly<Record<number, string>> = {
	10: 'trace',
	20: 'debug',
	30: 'info',
	40: 'WARN',
	50: 'ERROR',
	60: 'FATAL',
};
const OWN_FIELDS = new Set(['level', 'time', 'msg', 'agent']);

/** Log lines hold words of strangers: what a terminal would obey is shown as text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g;
export const harmless = (text: string): string =>
	text.replaceAll(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const clockTime = (iso: string): string => {
	const at = new Date(iso);
	return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
};

const factOf = (value: unknown): string => {
	if (typeof value !== 'object' || value === null) return String(value);
	// Of an error its message; the stack is for the log of a machine.
	const { message } = value as { message?: unknown };
	return typeof message === 'string' ? message : JSON.stringify(value);
};

type LogEvent = Record<string, unknown> & { level: number; time: string; msg?: string };

/** Null: it is none, or was cut because it was too long. */
const eventOf = (line: string): LogEvent | null => {
	try {
		const found: unknown = JSON.parse(line);
		return typeof found === 'object' && found !== null ? (found as LogEvent) : null;
	} catch {
		return null;
	}
};

/** A log line of pino's for a person in front of it, instead of one for a machine. */
export const readableLogLine = (line: string): string => {
	const event = eventOf(line);
	if (event === null) return `${harmless(line.trimEnd())}\n`;
	const facts = Object.entries(event)
		.filter(([name]) => !OWN_FIELDS.has(name))
		.map(([name, value]) => `${name}=${factOf(value)}`);
	const parts = [`${clockTime(event.time)} ${LEVELS[event.level] ?? event.level} ${event.msg ?? ''}`, ...facts];
	return `${harmless(parts.join('  '))}\n`;
};
