import type { SteerAnswer } from '../../../../shared/protocol/act.ts';
import type { Context } from '../../context.ts';
import { counted } from '../../terminal/words.ts';

interface Words {
	/** It can be undone. */
	undoable?: boolean;
	/** Of tasks that were not changed. */
	left?: string;
}

/** How an act is undone, for whoever reads the answer later. */
export const wayBack = (act: string): string => `Undo: millrace admin acts undo ${act}`;

/** Tells what came of an act on tasks, and the way back. */
export const tellSteered = (
	context: Context,
	answer: SteerAnswer,
	done: string,
	json: boolean,
	words: Words = {},
): void => {
	const { act, matched, changed, skipped } = answer;
	const left = skipped === 0 ? '' : `, ${skipped} ${words.left ?? 'left as they were'}`;
	if (json) context.out.json(answer);
	else if (matched === 0) context.out.line('No task matches.');
	else if (answer.done) context.out.line(`${counted(changed, 'task')} ${done}${left}.`);
	else
		context.out.line(
			`${changed} of ${matched} tasks ${done} so far${left}; the rest goes on. See: millrace admin acts`,
		);
	if (json || act === null) return;
	// It is needed later, so it goes where the answer goes.
	context.out.line(words.undoable ? wayBack(act) : `The act is ${act}.`);
};
