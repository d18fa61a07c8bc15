import type { TaskSummary } from '../../../shared/protocol/task.ts';

/** What a task is about, in a few words: why it failed, else on what it works. */
export const subjectOf = ({ inputs, error, phase }: TaskSummary): string => {
	if (error !== null) return error.message;
	const [first] = inputs;
	if (first === undefined) return phase ?? 'no input';
	const name = first.path ?? 'a file that is gone';
	return inputs.length > 1 ? `${name} and ${inputs.length - 1} more` : name;
};
