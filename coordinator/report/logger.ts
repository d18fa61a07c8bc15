import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** One line of JSON an event, on standard error; secrets are cut out wherever they may stand. */
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
		pino.destination({ fd: 2, sync: false }),
	);
