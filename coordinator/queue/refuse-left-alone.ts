import { CodedError } from '../../shared/coded-error.ts';
import type { TaskVerb } from '../../shared/protocol/act.ts';
import type { Unaltered } from './judge-alteration.ts';
import type { Unretried } from './retry-store.ts';

/** Why a task stays as it is. */
export type LeftAlone = Unaltered | Unretried;

/** Throws, in words, when one task was named and nothing came of it. Being so already is what was asked for. */
export const refuseLeftAlone = (verb: TaskVerb, why: LeftAlone | null): void => {
	switch (why) {
		case null:
		case 'same':
			return;
		case 'held-by-other':
			throw new CodedError('forbidden', 'An operator or administrator holds this task; ask them to release it.');
		case 'held-by-budget':
			throw new CodedError(
				'wrong-state',
				'A budget has no room for this task. It goes into line by itself as soon as there is some: raise the budget, or cancel other work.',
			);
		case 'running':
			throw new CodedError('wrong-state', `The task runs already: there is nothing to ${verb}.`);
		case 'over':
			throw new CodedError('wrong-state', `The task is over: there is nothing to ${verb}.`);
		case 'not-failed':
			throw new CodedError('wrong-state', 'Only a task that ended without success is retried.');
		case 'key-taken':
			throw new CodedError('conflict', 'Another open task has the same dedupe key.');
		case 'dataset-retired':
			throw new CodedError('dataset-retired', 'The dataset that the task reads was taken away: choose another one.');
		case 'of-a-source':
			throw new CodedError('wrong-state', 'The task was a run of a source: run the source again instead.');
	}
};
