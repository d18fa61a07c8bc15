import { CodedError } from '../../shared/coded-error.ts';

/** What comes after each sentence that says how far the disk let it come. */
const ADVICE = 'Make room on the disk of its data folder, or tell whoever runs it';

/** The coordinator's disk has no room for this. `what` says so, `then` what to do once there is room. */
export const diskFull = (
	what: string,
	then = 'then ask for the same again',
	options: { cause?: unknown; retryAfter?: number } = {},
): CodedError => new CodedError('disk-full', `${what} ${ADVICE}; ${then}.`, options);
