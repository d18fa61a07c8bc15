import { type Logger, pino } from 'pino';
import { readableLogLine } from '../../shared/readable-log-line.ts';

export type { Logger } from 'pino';

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
			? { write: (line: string) => void process.stderr.write(readableLogLine(line)) }
			: pino.destination({ fd: 2, sync: true }),
	);
