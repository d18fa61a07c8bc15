import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

const LEVELS: Readonly<Record<number, string>> = {
	10: 'trace',
	20: 'debug',
	30: 'info',
	40: 'WARN',
	50: 'ERROR',
	60: 'FATAL',
};
const OWN_FIELDS = new Set(['level', 'time', 'msg', 'agent']);

/** One line for a person instead of one for a machine. */
const readable = (line: string): string => {
	const event = JSON.parse(line) as Record<string, unknown> & { level: number; time: string; msg?: string };
	const facts = Object.entries(event)
		.filter(([name]) => !OWN_FIELDS.has(name))
		.map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`);
	const time = event.time.slice(11, 19);
	return `${time} ${LEVELS[event.level] ?? event.level} ${event.msg ?? ''}${facts.length > 0 ? `  ${facts.join(' ')}` : ''}\n`;
};

/** Writes to standard error: JSON lines, or plain ones when a person looks at it. Secrets are cut out. */
export const createLogger = (level: string, agent: string): Logger =>
	pino(
		{
			level,
			base: { agent },
			timestamp: pino.stdTimeFunctions.isoTime,
			redact: { paths: ['token', '*.token'], censor: '[cut]' },
		},
		process.stderr.isTTY
			? { write: (line: string) => void process.stderr.write(readable(line)) }
			: pino.destination({ fd: 2, sync: true }),
	);
