import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../../shared/duration.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?$/;
/** It could be meant as a year as well as seconds. */
const BARE_NUMBER = /^[\d.]+$/;

const momentOf = (text: string, ahead: boolean, now: number): number => {
	const duration = BARE_NUMBER.test(text) ? null : parseDuration(text);
	if (duration !== null) return ahead ? now + duration : now - duration;
	if (DAY.test(text)) return Date.parse(`${text}T00:00`);
	return TIME.test(text) ? Date.parse(text) : Number.NaN;
};

/**
 * A parser of commander's for a moment: a time, of this machine's zone unless it names one, or a duration from now or
 * back from now. Gives an ISO instant.
 */
export const timeOption =
	(direction: 'ahead' | 'ago', now: () => number = Date.now) =>
	(text: string): string => {
		const at = new Date(momentOf(text.trim(), direction === 'ahead', now()));
		if (Number.isNaN(at.getTime())) {
			const means = direction === 'ahead' ? '2h from now' : '2h ago';
			throw new InvalidArgumentError(
				`It must be a time such as 2026-03-01T08:00 or 2026-03-01T07:00Z, or a duration such as 2h, which means ${means}.`,
			);
		}
		return at.toISOString();
	};
