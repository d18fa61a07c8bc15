import type { QueueView } from '../../../shared/protocol/queue.ts';
import type { StateLook } from '../../kit/task-words.ts';
import { words } from './words.ts';

/** paused and draining as operators said · stuck: tasks stand in it that nobody can take · open */
type QueueState = 'paused' | 'draining' | 'stuck' | 'open';
export const QUEUE_STATES: readonly QueueState[] = ['stuck', 'paused', 'draining', 'open'];

export const QUEUE_LOOKS: Record<QueueState, StateLook> = {
	stuck: { word: words.stuck, color: 'red', icon: 'alert' },
	paused: { word: words.statePaused, color: 'orange', icon: 'pause' },
	draining: { word: words.stateDraining, color: 'orange', icon: 'hourglass' },
	open: { word: words.open, color: 'teal', icon: 'circleCheck' },
};

type Steered = Pick<QueueView, 'paused' | 'draining' | 'queued' | 'servedBy'>;

export const stateOfQueue = ({ paused, draining, queued, servedBy }: Steered): QueueState => {
	if (paused) return 'paused';
	if (queued > 0 && servedBy.length === 0) return 'stuck';
	return draining ? 'draining' : 'open';
};

/** Queues of which name or a binding has this in it, in this state; empty: any. */
export const filterQueues = (queues: readonly QueueView[], text: string, state: string): readonly QueueView[] => {
	const wanted = text.trim().toLowerCase();
	return queues.filter(
		(queue) =>
			(state === '' || stateOfQueue(queue) === state) &&
			(wanted === '' ||
				queue.name.toLowerCase().includes(wanted) ||
				queue.bindingKeys.some((key) => key.toLowerCase().includes(wanted))),
	);
};
