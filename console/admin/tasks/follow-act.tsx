import { Button, Group, Progress } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { readAct, undoAct } from '../../../shared/client/task-steering.ts';
import type { SteerAnswer, TaskVerb } from '../../../shared/protocol/act.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyError } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { VERBS } from './verbs.ts';
import { words } from './words.ts';

const LOOK_MS = 700;
const SHOWN_MS = 30_000;

/** How an act is told of. */
interface ActWords {
	doing: string;
	done: string;
	isUndoable: boolean;
}

const UNDO: ActWords = { doing: words.undoing, done: words.undone, isUndoable: false };

export const actWords = (verb: TaskVerb): ActWords => VERBS[verb];

const readAgain = (): void => {
	for (const queryKey of [keys.taskLists, keys.tasks, ['task'], keys.quarantine, keys.queues])
		void queryClient.invalidateQueries({ queryKey });
};

const undo = async (act: string): Promise<void> => {
	try {
		await followAct(await undoAct(http, act), UNDO);
	} catch (error) {
		notifyError(words.notUndone, errorText(error));
	}
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Tells how far an act on tasks is, until it is done, and how it can be taken back; wherever the person goes meanwhile.
 * The act goes on by itself: this only looks.
 */
export const followAct = async (answer: SteerAnswer, said: ActWords): Promise<void> => {
	const { act } = answer;
	if (act === null) return notifyError(words.notDone, words.nothingFits);
	const id = `follow-${act}`;
	let so: Pick<SteerAnswer, 'matched' | 'changed' | 'skipped'> = answer;
	let isCut = false;
	if (!answer.done) {
		const tell = () => ({
			...{ id, autoClose: false as const, withBorder: true, color: 'indigo', icon: <Icon name="clock" size={16} /> },
			message: (
				<>
					{words.progress(said.doing, so.changed, so.matched)}
					<Progress
						mt={6}
						size={6}
						aria-label={said.doing}
						value={(100 * (so.changed + so.skipped)) / Math.max(1, so.matched)}
					/>
				</>
			),
		});
		notifications.show(tell());
		for (let state = 'running'; state === 'running'; ) {
			await pause(LOOK_MS);
			try {
				const view = await readAct(http, act);
				so = view;
				state = view.state;
				isCut = state === 'cut';
				notifications.update(tell());
			} catch (error) {
				notifications.hide(id);
				notifyError(words.unknownProgress, errorText(error));
				return readAgain();
			}
		}
	}
	readAgain();
	const left = Math.max(0, so.matched - so.changed);
	const outcome = `${words.outcome(said.done, so.changed, left)}${isCut ? ` ${words.wasCut}` : ''}`;
	notifications[answer.done ? 'show' : 'update']({
		...{ id, autoClose: SHOWN_MS, withBorder: true, color: so.changed === 0 ? 'orange' : 'teal' },
		icon: <Icon name={so.changed === 0 ? 'alert' : 'check'} size={16} />,
		message: (
			<Group justify="space-between" wrap="nowrap" gap="sm">
				<span>{outcome}</span>
				{said.isUndoable && so.changed > 0 && (
					<Button
						size="compact-sm"
						variant="light"
						onClick={() => {
							notifications.hide(id);
							void undo(act);
						}}
					>
						{words.undo}
					</Button>
				)}
			</Group>
		),
	});
};
