import { CodedError } from '../../../shared/coded-error.ts';
import type { RouteContext } from './route.ts';

/** What the request names itself by, so that a repeat of it is known; null when it does not. Throws `bad-request`. */
export const idempotencyKeyOf = ({
	request,
}: Pick<RouteContext<undefined, undefined, undefined>, 'request'>): string | null => {
	const key = request.headers['idempotency-key'];
	if (key === undefined) return null;
	if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
	throw new CodedError('bad-request', 'The Idempotency-Key must be 1 to 200 printable characters.');
};
