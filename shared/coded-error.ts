import { ERRORS, type ErrorCode } from './protocol/errors.ts';

/** One field that was not valid: where it is (`tasks[3].parameters.width`) and what is wrong with it. */
export interface FieldError {
	path: string;
	message: string;
}

/** An expected failure: its code is in the table, its detail is safe to show and says what to do next. */
export class CodedError extends Error {
	readonly code: ErrorCode;
	readonly fields: readonly FieldError[] | undefined;
	/** Seconds after which trying again makes sense; becomes `Retry-After`. */
	readonly retryAfter: number | undefined;

	constructor(
		code: ErrorCode,
		detail?: string,
		options: { cause?: unknown; fields?: readonly FieldError[]; retryAfter?: number } = {},
	) {
		super(detail ?? ERRORS[code].title, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = 'CodedError';
		this.code = code;
		this.fields = options.fields;
		this.retryAfter = options.retryAfter;
	}

	get status(): number {
		return ERRORS[this.code].status;
	}

	shouldRetry(): boolean {
		return ERRORS[this.code].retryable;
	}
}
