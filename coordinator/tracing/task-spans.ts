import { isFinalTaskState, type TaskState } from '../../shared/protocol/task.ts';
import type { StoredInput } from '../queue/open-task.ts';
import type { Ending } from '../queue/settlements.ts';
import { type Span, spanIdOf, traceIdOf } from './span.ts';

/** An upload that is stored, with what it started. */
export interface StoredUpload {
	file: string;
	version: number;
	size: number;
	startedAt: number;
	endedAt: number;
	tasks: number;
}

const rootOf = (file: string, version: number): string => `${file} ${version}`;

/** The first of a trace: everything that is done to this version of the file lies below it. */
export const uploadSpan = ({ file, version, size, startedAt, endedAt, tasks }: StoredUpload): Span => ({
	traceId: traceIdOf(rootOf(file, version)),
	spanId: spanIdOf(`upload ${rootOf(file, version)}`),
	parentId: null,
	name: 'upload',
	startedAt,
	endedAt,
	attributes: { 'millrace.file': file, 'millrace.version': version, 'millrace.bytes': size, 'millrace.tasks': tasks },
	error: null,
});

/** What a task belongs to: the version of the file that it works on, or itself when there is none. */
const rootOfTask = (id: string, inputs: string | undefined): { traceId: string; parentId: string | null } => {
	const [first] = inputs === undefined || inputs === '[]' ? [] : (JSON.parse(inputs) as StoredInput[]);
	if (!first || first.file === null) return { traceId: traceIdOf(id), parentId: null };
	const root = rootOf(first.file, first.version);
	return { traceId: traceIdOf(root), parentId: spanIdOf(`upload ${root}`) };
};

const errorOf = ({ end, item }: Pick<Ending, 'end' | 'item'>): string | null =>
	end.state === 'succeeded' ? null : end.state === 'failed' ? end.failure.code : (item.reason ?? end.state);

/**
 * Of an attempt whose end was committed: the attempt, the way of its result into the ledger, and once the task is over
 * the task. Names, paths and messages stay here; ids, types and states go out.
 */
export const endingSpans = (
	{ lease, end, item, outputs }: Pick<Ending, 'lease' | 'end' | 'item' | 'outputs'>,
	state: TaskState,
	committedAt: number,
): Span[] => {
	const { task, id, attempt, node, startedAt } = lease;
	const { traceId, parentId } = rootOfTask(id, task.payload?.inputs);
	const taskSpan = spanIdOf(`task ${id}`);
	// The token names an attempt; its number does not, since a coordinator that died hands it out again.
	const attemptSpan = spanIdOf(`attempt ${id} ${lease.token}`);
	const ofTask = { 'millrace.task': id, 'millrace.type': task.type };
	const error = errorOf({ end, item });
	const spans: Span[] = [
		{
			...{ traceId, spanId: attemptSpan, parentId: taskSpan, name: `attempt ${task.type}` },
			...{ startedAt, endedAt: item.finishedAt, error },
			attributes: { ...ofTask, 'millrace.attempt': attempt, 'millrace.node': node, 'millrace.end': end.state },
		},
		{
			...{ traceId, spanId: spanIdOf(`result ${id} ${lease.token}`), parentId: attemptSpan, name: 'result' },
			...{ startedAt: item.finishedAt, endedAt: committedAt, error: null },
			attributes: { ...ofTask, 'millrace.outputs': outputs.length, 'millrace.state': state },
		},
	];
	if (isFinalTaskState(state)) {
		spans.push({
			...{ traceId, spanId: taskSpan, parentId, name: `task ${task.type}` },
			...{ startedAt: task.order, endedAt: committedAt, error: state === 'succeeded' ? null : state },
			attributes: {
				...ofTask,
				'millrace.state': state,
				'millrace.class': task.serviceClass,
				'millrace.attempts': attempt,
				'millrace.waited_ms': Math.max(0, startedAt - task.order),
			},
		});
	}
	return spans;
};
