import type { Assignment, Failure, Settlement } from '../../shared/protocol/agent-link.ts';
import type { Attempt, StopReason } from '../slots/attempt.ts';
import type { JsonObject } from '../tasks/task-module.ts';
import { GiveBack, isDiskFull, TransferFailure } from '../transfer/transfer-error.ts';
import type { UploadedOutput } from '../transfer/upload-output.ts';
import type { ChildEnd } from './child.ts';

const now = (): number => performance.now();

// Written out field by field: this is made tens of thousands of times a second, and spreading costs ten times as much.
export const succeeded = (attempt: Attempt, result: JsonObject, outputs: UploadedOutput[]): Settlement => ({
	task: attempt.ref.task,
	attempt: attempt.ref.attempt,
	token: attempt.ref.token,
	outcome: 'succeeded',
	result,
	outputs,
	usage: attempt.usage(now()),
});

export const failed = (attempt: Attempt, failure: Failure): Settlement => ({
	...attempt.ref,
	outcome: 'failed',
	failure,
	usage: attempt.usage(now()),
});

export const returned = (attempt: Attempt, reason: string): Settlement => ({
	...attempt.ref,
	outcome: 'returned',
	reason: reason.slice(0, 500),
	usage: attempt.usage(now()),
});

/** Gives an assignment back that was never begun. */
export const declined = ({ task, attempt, token }: Assignment, reason: string): Settlement => ({
	...{ task, attempt, token },
	outcome: 'returned',
	reason: reason.slice(0, 500),
	usage: { wallMs: 0, cpuMs: 0, peakMemoryBytes: 0, bytesIn: 0, bytesOut: 0 },
});

/** What to settle for an attempt that was stopped; null when it is no longer this node's to settle. */
export const stopped = (attempt: Attempt, stop: StopReason, how: 'asked' | 'killed'): Settlement | null => {
	const { softMs, hardMs, memoryBytes } = attempt.assignment.limits;
	switch (stop) {
		case 'void':
			return null;
		case 'cancelled':
			return { ...attempt.ref, outcome: 'cancelled', usage: attempt.usage(now()) };
		case 'preempted':
			return returned(attempt, 'it gave its slot back to other work');
		case 'leaving':
			return returned(attempt, 'the agent was told to end at once');
		case 'timeout': {
			const code = how === 'asked' ? 'soft-limit' : 'hard-limit';
			const message =
				how === 'asked'
					? `The task was asked to stop after its time limit of ${softMs} ms.`
					: `The task was killed: it had not stopped by its hard time limit of ${hardMs} ms.`;
			return failed(attempt, { class: 'timeout', code, message });
		}
		case 'memory': {
			const message = `The task was killed: it used ${attempt.meter?.peakMemoryBytes ?? 0} bytes of memory; at most ${memoryBytes} are allowed.`;
			return failed(attempt, { class: 'resource', code: 'memory-limit', message });
		}
	}
};

/** The child ended under the attempt. */
export const crashed = (attempt: Attempt, { code, signal, lastLine }: ChildEnd): Settlement => {
	if (code === null && signal === null) return returned(attempt, `no process could be started: ${lastLine}`);
	const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
	const told = attempt.redactor?.text(lastLine) ?? lastLine;
	const message = `The process that ran the task ${how}${told ? `: ${told}` : '.'}`;
	return failed(attempt, { class: 'crash', code: 'worker-crashed', message });
};

/** What an error outside the task itself (transfers, preparation) means for the attempt. */
export const afterError = (attempt: Attempt, error: unknown): Settlement => {
	if (error instanceof TransferFailure) return failed(attempt, error.failure);
	if (error instanceof GiveBack) return returned(attempt, error.message);
	if (isDiskFull(error)) return returned(attempt, 'the disk of the node is full');
	const text = error instanceof Error ? error.message : String(error);
	return returned(attempt, `the node could not go on with it: ${text}`);
};
