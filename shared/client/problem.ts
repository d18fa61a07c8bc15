import { z } from 'zod';
import { CodedError } from '../coded-error.ts';
import { ERRORS, type ErrorCode } from '../protocol/errors.ts';
import { UnexpectedAnswerError } from './client-errors.ts';

/** An RFC 9457 problem document as Millrace answers it. */
const problemSchema = z.object({
	status: z.number(),
	code: z.string(),
	title: z.string().optional(),
	detail: z.string().optional(),
	fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

/** Codes for answers without a usable document: HEAD has no body, and a newer server may know codes that we do not. */
const CODE_BY_STATUS: Record<number, ErrorCode> = {
	400: 'bad-request',
	401: 'unauthenticated',
	403: 'forbidden',
	404: 'not-found',
	405: 'method-not-allowed',
	409: 'conflict',
	410: 'upload-expired',
	412: 'precondition-failed',
	413: 'body-too-large',
	416: 'range-not-satisfiable',
	422: 'invalid',
	429: 'too-many-requests',
	500: 'internal',
	503: 'overloaded',
	507: 'disk-full',
};

/** What a refusal says: its status, what is needed of its headers, and its body as text. */
export interface Refusal {
	status: number;
	header(name: string): string | null | undefined;
	text: string;
}

/** The error that an answer of 400 or more means. */
export const errorOfRefusal = (what: string, refusal: Refusal): CodedError | UnexpectedAnswerError => {
	const ours = /^application\/(problem\+)?json\b/i.test(refusal.header('content-type') ?? '');
	const problem = ours ? problemSchema.safeParse(jsonOrNull(refusal.text)).data : undefined;
	const byStatus = CODE_BY_STATUS[refusal.status];
	if (problem === undefined && (refusal.text !== '' || byStatus === undefined)) {
		return new UnexpectedAnswerError(
			refusal.status,
			`${what} was answered with status ${refusal.status} by something that is not Millrace. Check the address.`,
		);
	}
	const code = problem && isErrorCode(problem.code) ? problem.code : (byStatus ?? 'bad-request');
	const retryAfter = secondsOf(refusal.header('retry-after'));
	return new CodedError(code, problem?.detail ?? problem?.title, {
		...(problem?.fields ? { fields: problem.fields } : {}),
		...(retryAfter === undefined ? {} : { retryAfter }),
	});
};

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);

const jsonOrNull = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
};

/** Retry-After as seconds; we never send its date form. */
const secondsOf = (header: string | null | undefined): number | undefined =>
	header && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
