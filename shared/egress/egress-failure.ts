/** Why an answer from outside could not be had, though it was allowed to ask. */
export type EgressTrouble =
	| 'unreachable'
	| 'timed-out'
	| 'answer-too-large'
	| 'too-many-redirects'
	| 'bad-redirect'
	| 'bad-encoding';

/** The other side's failure; the message is a sentence for a person. */
export class EgressFailure extends Error {
	readonly trouble: EgressTrouble;

	constructor(trouble: EgressTrouble, message: string, options: { cause?: unknown } = {}) {
		super(message, options);
		this.name = 'EgressFailure';
		this.trouble = trouble;
	}

	/** Whether asking again later can help. */
	shouldRetry(): boolean {
		return this.trouble === 'unreachable' || this.trouble === 'timed-out';
	}
}
