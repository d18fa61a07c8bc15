import { type DestinationStream, type Logger, pino } from 'pino';
import { readableLogLine } from '../../shared/readable-log-line.ts';
import type { RecentLines } from './recent-lines.ts';

export type { Logger } from 'pino';

/** What is written last before the process ends has to be out by then. */
type Out = DestinationStream & { flushSync(): void };

const standardError = (): Out =>
	process.stderr.isTTY
		? { write: (line) => void process.stderr.write(readableLogLine(line)), flushSync() {} }
		: pino.destination({ fd: 2, sync: false });

const alsoTo = (recent: RecentLines, out: Out): Out => ({
	write(line) {
		recent.add(line);
		out.write(line);
	},
	flushSync: () => out.flushSync(),
});

/**
 * Writes to standard error: one line of JSON an event, or a plain one when a person looks at it. Secrets are cut out
 * wherever they may stand. Messages are constants: what differs goes into fields, which a diagnosis leaves out.
 */
export const createLogger = (level: string, recent?: RecentLines): Logger => {
	const out = standardError();
	return pino(
		{
			level,
			base: null,
			timestamp: pino.stdTimeFunctions.isoTime,
			redact: {
				paths: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', 'password', 'token'],
				censor: '[cut]',
			},
		},
		recent ? alsoTo(recent, out) : out,
	);
};
