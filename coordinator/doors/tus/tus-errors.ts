import { CodedError } from '../../../shared/coded-error.ts';
import type { ErrorCode } from '../../../shared/protocol/errors.ts';

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
	400: 'bad-request',
	403: 'bad-request',
	404: 'not-found',
	409: 'conflict',
	410: 'upload-expired',
	412: 'precondition-failed',
	413: 'file-too-large',
	501: 'not-implemented',
};

/** What the library throws, and answers, in our words. */
export const codedOf = (error: unknown, status: number, text: string): unknown => {
	if (error instanceof CodedError) return error;
	const said = error as { status_code?: unknown; body?: unknown } | null;
	const ownStatus = typeof said?.status_code === 'number' ? said.status_code : status;
	const body = (typeof said?.body === 'string' ? said.body : text).trim();
	// The library says so when another request has asked for the lock, or when the sender went away.
	if (/^Request aborted/.test(body)) return new CodedError('upload-locked', undefined, { retryAfter: 1 });
	const code = BY_STATUS[ownStatus];
	if (!code) return error ?? new Error(`the tus library answered ${status}: ${body}`);
	return new CodedError(code, body || undefined);
};
