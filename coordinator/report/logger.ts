import { type Logger, pino } from 'pino';
import { readableLogLine } from '../../shared/readable-log-line.ts';

export type { Logger } from 'pino';

/** Writes to standard error: one line of JSON an event, or a plain one when a person looks at it. Secrets are cut out wherever they may stand. */
export const createLogger = (level: string): Logger =>
	pino(
		{
			level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			redact: {
				paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', 'password', 'token'],
				censor: '[cut]',
			},
		},
		process.stderr.isTTY
			? { write: (line: string) => void process.stderr.write(readableLogLine(line)) }
			: pino.destination({ fd: 2, sync: false }),
	);
