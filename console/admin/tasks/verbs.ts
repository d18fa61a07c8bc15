import type { TaskVerb } from '../../../shared/protocol/act.ts';
import type { IconName } from '../../kit/icons.tsx';
import { words } from './words.ts';

interface VerbWords {
	/** On a button, before how many. */
	word: string;
	/** Such as `Cancelling 12,000 tasks`. */
	doing: string;
	/** Such as `12 tasks cancelled`. */
	done: string;
	icon: IconName;
	/** The act can be taken back. */
	isUndoable: boolean;
}

export const VERBS: Record<TaskVerb, VerbWords> = {
	cancel: { word: words.cancel, doing: words.cancelling, done: words.cancelled, icon: 'ban', isUndoable: true },
	retry: { word: words.retry, doing: words.queueingAgain, done: words.queuedAgain, icon: 'refresh', isUndoable: false },
	hold: { word: words.hold, doing: words.holding, done: words.held, icon: 'pause', isUndoable: true },
	release: { word: words.release, doing: words.releasing, done: words.released, icon: 'play', isUndoable: true },
	boost: { word: words.boost, doing: words.boosting, done: words.boosted, icon: 'zap', isUndoable: true },
	unboost: { word: words.unboost, doing: words.unboosting, done: words.unboosted, icon: 'arrowDown', isUndoable: true },
	move: { word: words.move, doing: words.moving, done: words.moved, icon: 'move', isUndoable: true },
};

/** In the order in which they are offered. */
export const TASK_ACTS: readonly TaskVerb[] = ['cancel', 'retry', 'hold', 'release', 'boost', 'unboost', 'move'];
