import type { Failure } from '../../shared/protocol/agent-link.ts';

/** A failure that the task itself has judged: its class decides about another try, its message is for a person. */
export class TaskFailure extends Error {
	readonly failure: Failure;

	constructor(failure: Failure, options: { cause?: unknown } = {}) {
		super(failure.message, options);
		this.name = 'TaskFailure';
		this.failure = { ...failure, message: failure.message.slice(0, 2000) };
	}
}

/** The file or the parameters are at fault: another try would end the same way. */
export const inputError = (code: string, message: string, cause?: unknown): TaskFailure =>
	new TaskFailure({ class: 'input', code, message }, { cause });
