import type { CheckName, CheckState, HealthCheck } from '../../shared/protocol/health.ts';
import { BEGINNINGS_KEPT_MS } from './beginnings.ts';

const MINUTE_MS = 60_000;
const REMIND_AFTER_MS = 24 * 60 * MINUTE_MS;
/** What is wrong is told at once; that it is well again when it has been well for so long. */
const WELL_AFTER_MS = 5 * MINUTE_MS;
/** What begins so often within the time for which beginnings are remembered comes and goes: then it has to be well for longer. */
const OFTEN = 3;
const SURELY_WELL_AFTER_MS = BEGINNINGS_KEPT_MS;

/** What was told of a check last. */
export interface Told {
	told: 'ok' | 'warn' | 'fail';
	toldAt: number;
	/** That it comes and goes was told; a restart forgets it. */
	comesAndGoes: boolean;
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

type Reason = 'begins' | 'comes and goes' | 'worse' | 'over' | 'still';

const why = (now: Told['told'], last: Told, of: { age: number; wellFor: number; begun: number }): Reason | null => {
	if (now === 'ok') {
		if (last.told === 'ok') return null;
		return of.wellFor < (last.comesAndGoes ? SURELY_WELL_AFTER_MS : WELL_AFTER_MS) ? null : 'over';
	}
	if (of.begun >= OFTEN && !last.comesAndGoes) return 'comes and goes';
	if (last.told === 'ok') return 'begins';
	if (now === 'fail' && last.told === 'warn') return 'worse';
	return of.age >= REMIND_AFTER_MS ? 'still' : null;
};

/** How a title goes on after the name of its check. */
const ALERT_ENDINGS = ['warns', 'fails', 'still warns', 'still fails', 'comes and goes', 'is well again'] as const;
type AlertEnding = (typeof ALERT_ENDINGS)[number];

const endingOf = (state: Told['told'], reason: Reason): AlertEnding => {
	if (reason === 'over') return 'is well again';
	if (reason === 'comes and goes') return reason;
	const holds = state === 'fail' ? 'fails' : 'warns';
	return reason === 'still' ? `still ${holds}` : holds;
};

const titleOf = (name: CheckName, ending: AlertEnding): string => `${name} ${ending}`;

/** All titles that alerts of a check may have. */
export const alertTitles = (name: CheckName): string[] => ALERT_ENDINGS.map((ending) => titleOf(name, ending));

const textOf = ({ what, do: todo, since }: HealthCheck, reason: Reason, begun: number): string => {
	const holds = `${what} Since ${since.slice(0, 16).replace('T', ' ')} UTC.`;
	if (reason === 'over') return holds;
	const often = `It began ${begun} times within an hour; it is told again when it gets worse, or has been well for an hour.`;
	return [holds, reason === 'comes and goes' ? often : null, todo].filter((part) => part !== null).join(' ');
};

/**
 * What is to be told: that something begins or gets worse, at once; that it is over, when that has lasted; and once a day
 * that it is still so. What begins again and again is told once as that. In quiet hours only what fails; the rest when
 * they are over. `begun`: how often each began lately.
 */
export const dueAlerts = (
	checks: readonly HealthCheck[],
	told: ReadonlyMap<string, Told>,
	when: { at: number; quiet: boolean; begun: (name: CheckName) => number },
): DueAlert[] =>
	checks.flatMap((check) => {
		const { name } = check;
		const state = stateOf(check.state);
		const last = told.get(name) ?? { told: 'ok', toldAt: Number.NEGATIVE_INFINITY, comesAndGoes: false };
		const begun = when.begun(name);
		const age = when.at - last.toldAt;
		const reason = why(state, last, { age, wellFor: when.at - Date.parse(check.since), begun });
		if (reason === null || (when.quiet && state !== 'fail')) return [];
		const comesAndGoes = reason === 'comes and goes' || (last.comesAndGoes && reason !== 'over');
		const words = { title: titleOf(name, endingOf(state, reason)), text: textOf(check, reason, begun) };
		// What was worse and is better now, and not well, stays told as it was at its worst.
		return [{ name, told: state, toldAt: when.at, comesAndGoes, ...words }];
	});
