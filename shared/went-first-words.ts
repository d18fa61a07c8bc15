import type { WentFirstRule } from './protocol/task-decisions.ts';

/** Why another task was started while this one stood in line. */
export const WENT_FIRST_WORDS: Record<WentFirstRule, string> = {
	boosted: 'an operator had boosted it',
	'higher-band': 'its class is in a higher band',
	'idle-only': 'this task is idle-only work, whose turn is last',
	aged: 'its band had waited too long and counted as a higher one',
	'lower-band': 'it had aged, or this task could not start',
	'class-used-less': 'its class had used less for its weight',
	'person-used-less': 'its person had used less',
	'queue-turn': 'same person, it was the other queue’s turn',
	'own-priority': 'same person, higher priority',
	'own-earlier': 'same person, came earlier',
	'could-not-start': 'this task could not start at that moment',
	unknown: 'it came in line before what is kept',
};
