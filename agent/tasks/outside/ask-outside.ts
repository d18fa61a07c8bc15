import { CodedError } from '../../../shared/coded-error.ts';
import { EgressFailure } from '../../../shared/egress/egress-failure.ts';
import { inputError, TaskFailure } from '../task-failure.ts';
import type { Egress, TaskContext } from '../task-module.ts';

/** Whom the task may ask; a failure when its node asks nobody. */
export const egressOf = ({ egress }: TaskContext): Egress => {
	if (egress !== null) return egress;
	throw new TaskFailure({
		class: 'transient',
		code: 'egress-none',
		message: 'This node asks no other machines for anything.',
	});
};

/** What went wrong outside, as the failure that it is for the task. What is something else stays as it is. */
export const judgeOutside = (error: unknown): unknown => {
	if (error instanceof CodedError) return inputError(error.code, error.message, error);
	if (!(error instanceof EgressFailure)) return error;
	const kind = error.shouldRetry() ? 'transient' : 'permanent';
	return new TaskFailure({ class: kind, code: error.trouble, message: error.message }, { cause: error });
};

/** Milliseconds that a server wants one to wait; a day at most, undefined when it says nothing that can be understood. */
export const retryAfterOf = (text: string | undefined, now = Date.now()): number | undefined => {
	if (text === undefined) return undefined;
	const ms = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now;
	return Number.isFinite(ms) ? Math.min(86_400_000, Math.max(0, ms)) : undefined;
};

/** Throws what an answer other than a success means. */
export const requireSuccess = (answer: {
	status: number;
	headers: Readonly<Record<string, string>>;
	url: string;
}): void => {
	const { status, headers, url } = answer;
	if (status >= 200 && status < 300) return;
	const { host } = new URL(url);
	const said = `${host} answered with status ${status}`;
	if (status === 401 || status === 403) throw inputError('fetch-refused', `${said}: it wants to know who asks.`);
	if (status === 404 || status === 410) throw inputError('fetch-missing', `${said}: there is nothing at that address.`);
	if (status !== 429 && status !== 408 && status < 500) throw inputError('fetch-status', `${said}.`);
	const retryAfterMs = retryAfterOf(headers['retry-after']);
	throw new TaskFailure({
		...{ class: 'transient', code: 'fetch-status', message: `${said}.` },
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	});
};

/** The media type of a Content-Type header, without its parameters. */
export const mediaTypeOf = (header: string | undefined): string => {
	const [type = ''] = (header ?? '').split(';', 1);
	const plain = type.trim().toLowerCase();
	return /^[a-z0-9!#$&^_.+-]{1,63}\/[a-z0-9!#$&^_.+-]{1,127}$/.test(plain) ? plain : 'application/octet-stream';
};
