import { isWithinBounds } from '../../shared/json-bounds.ts';
import type { Failure } from '../../shared/protocol/agent-link.ts';
import { MAX_RESULT_BYTES, MAX_RESULT_DEPTH } from '../../shared/protocol/settlement-bounds.ts';
import { TaskFailure } from '../tasks/task-failure.ts';
import type { JsonObject } from '../tasks/task-module.ts';

/** Refuses a result that the coordinator would refuse. */
export const checkResult = (result: JsonObject): void => {
	for (const _ in result) {
		if (!isWithinBounds(result, { depth: MAX_RESULT_DEPTH, values: MAX_RESULT_BYTES })) {
			const message = `The result is nested deeper than ${MAX_RESULT_DEPTH} levels. Write an output instead.`;
			throw new TaskFailure({ class: 'permanent', code: 'result-too-large', message });
		}
		const bytes = Buffer.byteLength(JSON.stringify(result));
		if (bytes <= MAX_RESULT_BYTES) return;
		const message = `The result has ${bytes} bytes; at most ${MAX_RESULT_BYTES} are allowed. Write an output instead.`;
		throw new TaskFailure({ class: 'permanent', code: 'result-too-large', message });
	}
};

/** What a run's error means: judged by the task itself, or else worth another try. */
export const failureOf = (error: unknown): Failure => {
	if (error instanceof TaskFailure) return error.failure;
	const { code } = error as NodeJS.ErrnoException;
	if (code === 'ENOSPC' || code === 'EDQUOT') {
		return { class: 'transient', code: 'disk-full', message: 'The disk of the node is full.' };
	}
	const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	return { class: 'transient', code: 'task-error', message: message.slice(0, 2000) };
};
