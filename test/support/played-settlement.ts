import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import { NO_USAGE } from './played-agent.ts';

/** How a node says that an attempt ended. */
export type Outcome = 'succeeded' | 'failed' | 'hopeless' | 'crashed' | 'returned' | 'cancelled';

/** The words in which it says so. */
export const settlementOf = (ref: AttemptRef, outcome: Outcome) => {
	const failed = (kind: string) => ({ outcome: 'failed', failure: { class: kind, code: 'x', message: 'x' } });
	const words = {
		succeeded: { outcome: 'succeeded', result: {}, outputs: [] },
		failed: failed('transient'),
		hopeless: failed('permanent'),
		crashed: failed('crash'),
		returned: { outcome: 'returned', reason: 'x' },
		cancelled: { outcome: 'cancelled' },
	}[outcome];
	return { ...ref, ...words, usage: NO_USAGE };
};
