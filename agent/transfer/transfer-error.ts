import type { Failure } from '../../shared/protocol/agent-link.ts';

/** The attempt cannot go on here through no fault of the task: it is given back with this reason. */
export class GiveBack extends Error {
	override name = 'GiveBack';
}

/** A transfer that ends the attempt as failed. */
export class TransferFailure extends Error {
	readonly failure: Failure;

	constructor(failure: Failure) {
		super(failure.message);
		this.name = 'TransferFailure';
		this.failure = failure;
	}
}

export const isDiskFull = (error: unknown): boolean => {
	const { code } = error as NodeJS.ErrnoException;
	return code === 'ENOSPC' || code === 'EDQUOT';
};
