import { CodedError } from '../../shared/coded-error.ts';
import { nextTimes } from './next-time.ts';

/** When something runs: at wall-clock times of a zone, or at fixed intervals counted from a moment. */
export type ScheduleRule =
	| { cron: string; timeZone: string; everyMs: null; anchorAt: null }
	| { cron: null; timeZone: string; everyMs: number; anchorAt: number };

/** A rule whose next runs take longer than this to find would hold up all others. */
const MOST_SEARCH_MS = 2_000;
const PREVIEWED = 10;

const NICKNAME = /^@(hourly|daily|midnight|weekly|monthly|yearly|annually)$/i;
/** Five fields of what a field can hold; croner takes more, such as dates and `?`, which depend on the day they are read. */
const FIVE_FIELDS = /^[0-9A-Za-z*,/#+-]+( [0-9A-Za-z*,/#+-]+){4}$/;

/** One spelling for what means the same: single spaces, nicknames in small letters. */
export const normalCron = (cron: string): string => {
	const text = cron.trim().replace(/\s+/g, ' ');
	return text.startsWith('@') ? text.toLowerCase() : text.toUpperCase();
};

const refuse = (code: 'schedule-invalid' | 'schedule-never' | 'unknown-time-zone', path: string, message: string) =>
	new CodedError(code, message, { fields: [{ path, message }] });

const requireZone = (timeZone: string): void => {
	try {
		new Intl.DateTimeFormat('en', { timeZone });
	} catch {
		throw refuse(
			'unknown-time-zone',
			'timeZone',
			`There is no time zone ${timeZone}; write one such as Europe/London.`,
		);
	}
};

/**
 * The next runs of what somebody wishes to be a rule. Throws `unknown-time-zone`, `schedule-invalid` or, for a date that
 * never comes, `schedule-never`.
 */
export const checkRule = (rule: ScheduleRule, now: number): number[] => {
	requireZone(rule.timeZone);
	if (rule.cron !== null && !NICKNAME.test(rule.cron) && !FIVE_FIELDS.test(rule.cron)) {
		throw refuse(
			'schedule-invalid',
			'cron',
			'The pattern must have five fields, such as 30 7 * * 1-5: minute, hour, day of the month, month, day of the week.',
		);
	}
	const startedAt = performance.now();
	let times: number[];
	try {
		times = nextTimes(rule, now, PREVIEWED);
	} catch (error) {
		const why = (error as Error).message.replace(/^Cron\w+: /, '');
		throw refuse('schedule-invalid', 'cron', `The pattern cannot be read: ${why}`);
	}
	if (times.length === 0) throw refuse('schedule-never', 'cron', 'That time never comes: no year has such a day.');
	if (performance.now() - startedAt > MOST_SEARCH_MS) {
		throw refuse('schedule-invalid', 'cron', 'The pattern takes too long to work out; write a simpler one.');
	}
	return times;
};
