import type { TaskVerb } from '../../../shared/protocol/act.ts';
import type { IconName } from '../../kit/icons.tsx';

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
	cancel: { word: 'Cancel', doing: 'Cancelling', done: 'cancelled', icon: 'ban', isUndoable: true },
	retry: { word: 'Retry', doing: 'Queueing again', done: 'queued again', icon: 'refresh', isUndoable: false },
	hold: { word: 'Hold', doing: 'Holding', done: 'held', icon: 'pause', isUndoable: true },
	release: { word: 'Release', doing: 'Releasing', done: 'released', icon: 'play', isUndoable: true },
	boost: { word: 'Boost', doing: 'Boosting', done: 'boosted', icon: 'zap', isUndoable: true },
	unboost: { word: 'Unboost', doing: 'Unboosting', done: 'unboosted', icon: 'arrowDown', isUndoable: true },
	move: { word: 'Move', doing: 'Moving', done: 'moved', icon: 'move', isUndoable: true },
};

/** In the order in which they are offered. */
export const TASK_ACTS: readonly TaskVerb[] = ['cancel', 'retry', 'hold', 'release', 'boost', 'unboost', 'move'];
