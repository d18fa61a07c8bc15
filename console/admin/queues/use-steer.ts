import { type QueueAct, steerQueue } from '../../../shared/client/queues.ts';
import { undoAct } from '../../../shared/client/task-steering.ts';
import { notifyDone, notifyError, notifyUndo } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

/** What acts on queues change: the queues, their tasks, and what the checks say of them. */
export const rereadQueues = (): void => {
	for (const queryKey of [keys.queues, keys.tasks, keys.taskLists, keys.health])
		void queryClient.invalidateQueries({ queryKey });
};

/** Says that something was done, with the way back for a while. */
export const offerUndo = (message: string, act: string): void =>
	notifyUndo(
		message,
		() => {
			undoAct(http, act)
				.then(
					({ changed }) => (changed > 0 ? notifyDone(words.undone) : notifyError(words.notUndone, words.changedSince)),
					(error: unknown) => notifyError(words.notUndone, errorText(error)),
				)
				.finally(rereadQueues);
		},
		'restore',
	);

const DONE: Record<QueueAct, (name: string) => string> = {
	pause: words.paused,
	drain: words.draining,
	resume: words.resumed,
};

/** Pauses, drains or resumes a queue, and offers the way back. */
export const useSteer = (name: string) => {
	const act = useAct({
		act: async (verb: QueueAct) => ({ verb, act: (await steerQueue(http, name, verb)).act }),
		key: keys.queues,
		failed: words.notDone(name),
		onDone: ({ verb, act: id }) => {
			offerUndo(DONE[verb](name), id);
			rereadQueues();
		},
	});
	return { steer: act.mutate, isPending: act.isPending };
};
