import type { CheckName, CheckState, HealthCheck } from '../../shared/protocol/health.ts';

const MINUTE_MS = 60_000;
const REMIND_AFTER_MS = 24 * 60 * MINUTE_MS;
/** What comes and goes is told no sooner again. */
const RESTS_MS = 10 * MINUTE_MS;

/** What was told of a check last. */
export interface Told {
	told: 'ok' | 'warn' | 'fail';
	toldAt: number;
}

export interface DueAlert extends Told {
	name: CheckName;
	title: string;
	text: string;
}

/** Minutes of the coordinator's day between which warnings are not told. */
export interface QuietHours {
	from: number;
	to: number;
}

/** Whether a time of the day lies in the quiet hours, which may go over midnight. */
export const isQuiet = ({ from, to }: QuietHours, minute: number): boolean =>
	from <= to ? minute >= from && minute < to : minute >= from || minute < to;

/** `off` is as good as well: nothing is wrong. */
const stateOf = (state: CheckState): Told['told'] => (state === 'off' ? 'ok' : state);

const why = (now: Told['told'], last: Told, at: number): 'begins' | 'worse' | 'over' | 'still' | null => {
	const age = at - last.toldAt;
	if (now === 'ok') return last.told === 'ok' || age < RESTS_MS ? null : 'over';
	if (last.told === 'ok') return age < RESTS_MS ? null : 'begins';
	if (now === 'fail' && last.told === 'warn') return 'worse';
	return age >= REMIND_AFTER_MS ? 'still' : null;
};

/**
 * What is to be told: that something begins, gets worse, or is over, and once a day that it is still so. Nothing more than
 * that, however often a check comes and goes. In quiet hours only what fails; the rest when they are over.
 */
export const dueAlerts = (
	checks: readonly HealthCheck[],
	told: ReadonlyMap<string, Told>,
	when: { at: number; quiet: boolean },
): DueAlert[] =>
	checks.flatMap((check) => {
		const state = stateOf(check.state);
		const last = told.get(check.name) ?? { told: 'ok', toldAt: Number.NEGATIVE_INFINITY };
		const reason = why(state, last, when.at);
		if (reason === null || (when.quiet && state !== 'fail')) return [];
		const word = state === 'fail' ? 'fails' : 'warns';
		const title =
			reason === 'over' ? `${check.name} is well again` : `${check.name} ${reason === 'still' ? 'still ' : ''}${word}`;
		const text = check.do === null || state === 'ok' ? check.what : `${check.what} ${check.do}`;
		// What was worse and is better now, and not well, stays told as it was at its worst.
		return [{ name: check.name, told: state, toldAt: when.at, title, text }];
	});
