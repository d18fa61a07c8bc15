import type { StayInLine } from '../../../../shared/protocol/task-decisions.ts';

type Start = Pick<StayInLine['passedOver'][number], 'at' | 'task' | 'person' | 'node' | 'rule'>;
type Folded = Omit<Start, 'at'> & { from: string; to: string; count: number };

/** Starts of one person on one node by one rule, one after the other, as one with their number: rows that say the same hide the others. */
export const foldedStarts = (starts: readonly Start[]): Folded[] => {
	const folded: Folded[] = [];
	for (const { at, task, person, node, rule } of starts) {
		const last = folded.at(-1);
		if (last && last.person === person && last.node === node && last.rule === rule) {
			last.to = at;
			last.count += 1;
		} else folded.push({ from: at, to: at, count: 1, task, person, node, rule });
	}
	return folded;
};
