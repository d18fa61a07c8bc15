import type { Trace } from '../journal/trace.ts';

/** What whoever reads a comparison must know of the record that it rests on. */
export const notesOn = ({ gaps, restarts }: Pick<Trace, 'gaps' | 'restarts'>, unended: number): string[] => {
	const notes: string[] = [];
	if (unended > 0) {
		const tasks = unended === 1 ? '1 task had' : `${unended} tasks had`;
		notes.push(
			`${tasks} not ended by the end of the period: the mean of the task type was taken for what it would cost.`,
		);
	}
	if (restarts.length > 0) {
		const times = restarts.length === 1 ? 'once' : `${restarts.length} times`;
		notes.push(
			`The coordinator started anew ${times} in that time; in the simulation nodes that were away come back then.`,
		);
	}
	if (gaps.length > 0) {
		const from = new Date(Math.min(...gaps.map((gap) => gap.from))).toISOString();
		notes.push(`Something of the record is missing, first at ${from}: what came then is not in the comparison.`);
	}
	return notes;
};
