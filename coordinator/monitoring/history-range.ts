import type { z } from 'zod';
import { CodedError } from '../../shared/coded-error.ts';
import {
	type historyQuerySchema,
	MOST_HISTORY_POINTS,
	RESOLUTIONS,
	type Resolution,
} from '../../shared/protocol/history.ts';

const HOUR_MS = 3_600_000;

export type HistoryQuery = z.output<typeof historyQuerySchema>;

/** The time asked for and how finely it is told. Throws `invalid`. */
export const rangeOf = (
	query: Pick<HistoryQuery, 'from' | 'to' | 'resolution'>,
	now: number,
): { resolution: Resolution; from: number; to: number } => {
	const to = query.to === undefined ? now : Date.parse(query.to);
	const from = query.from === undefined ? to - HOUR_MS : Date.parse(query.from);
	if (!(from < to)) throw new CodedError('invalid', 'The time must end after it begins: give from before to.');
	const pointsIn = (resolution: Resolution) => (to - from) / RESOLUTIONS[resolution].stepMs;
	const fits = (resolution: Resolution) => pointsIn(resolution) <= MOST_HISTORY_POINTS;
	const { resolution } = query;
	if (resolution !== undefined) {
		if (fits(resolution)) return { resolution, from, to };
		throw new CodedError(
			'invalid',
			`That time has more than ${MOST_HISTORY_POINTS} ${resolution}s: ask for less of it, or more coarsely.`,
		);
	}
	// What has just become too old is still there for a little.
	const isKept = (one: Resolution) => from >= now - RESOLUTIONS[one].keptMs - 5_000;
	const finest = (['second', 'minute', 'hour'] as const).find((one) => isKept(one) && fits(one));
	if (finest === undefined && !fits('hour')) {
		throw new CodedError('invalid', `That time has more than ${MOST_HISTORY_POINTS} hours: ask for less of it.`);
	}
	return { resolution: finest ?? 'hour', from, to };
};
