import type { NodeAttempt, PastAttempt } from '../../../shared/protocol/node-attempt.ts';
import type { TimelineSpan } from '../../kit/charts/timeline-layout.ts';
import { ATTEMPT_LOOKS } from '../../kit/task-words.ts';

/** What runs and what ended on a node, as it lies over time. An attempt that has ended since it was told to run is there once. */
export const spansOf = (running: readonly NodeAttempt[], past: readonly PastAttempt[]): TimelineSpan[] => {
	const spans = new Map<string, TimelineSpan>();
	const add = (one: { task: string; attempt: number; type: string }, rest: Omit<TimelineSpan, 'id' | 'word'>) => {
		const id = `${one.task}/${one.attempt}`;
		if (!spans.has(id)) spans.set(id, { id, word: one.type, ...rest });
	};
	for (const one of past) {
		const { word: state, color } = ATTEMPT_LOOKS[one.state];
		const times = { from: Date.parse(one.startedAt), until: Date.parse(one.finishedAt) };
		add(one, { state, color: color as TimelineSpan['color'], ...times });
	}
	for (const one of running) {
		add(one, { state: ATTEMPT_LOOKS.running.word, color: 'indigo', from: Date.parse(one.since), until: null });
	}
	return [...spans.values()];
};

/** The task of a span. */
export const taskOf = ({ id }: TimelineSpan): string => id.slice(0, id.indexOf('/'));
