import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { CodedError, type FieldError } from '../../../shared/coded-error.ts';
import { ERRORS, type ErrorCode } from '../../../shared/protocol/errors.ts';
import { NotAllowed } from '../../accounts/not-allowed.ts';
import type { Logger } from '../../report/logger.ts';
import { discardRest } from '../content/discard-rest.ts';
import type { SecurityHeaders } from './security-headers.ts';

/** Refusals of Fastify and of Node's streams in our words. */
const KNOWN_CODES: Readonly<Record<string, ErrorCode>> = {
	FST_ERR_BAD_URL: 'bad-path',
	FST_ERR_MAX_PARAM_LENGTH: 'bad-path',
	ECONNRESET: 'incomplete-body',
	ERR_STREAM_PREMATURE_CLOSE: 'incomplete-body',
};
/** Refusals of what sends the portal's files, by their status; they are the asker's own doing. */
const KNOWN_STATUSES: Readonly<Record<number, ErrorCode>> = {
	404: 'not-found',
	412: 'precondition-failed',
	416: 'range-not-satisfiable',
};
const MOST_FIELDS = 100;
/** What a handler may have said of an answer that then failed. */
const ENTITY_HEADERS = ['content-length', 'content-disposition', 'content-encoding', 'etag', 'accept-ranges'];

/** What somebody asked for and did not get; the code says whether one may not, or what else is against it. */
export type Refusal = Pick<NotAllowed, 'actor' | 'verb' | 'kind' | 'code'>;

/** Told of a refusal, and at which path. */
export type OnRefused = (refusal: Refusal, path: string) => void;

/** What may be told of an error; null for what is our own fault and nobody else's business. */
export const toCodedError = (error: unknown): CodedError | null => {
	if (error instanceof CodedError) return error;
	const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
	const known = KNOWN_CODES[String(code)] ?? KNOWN_STATUSES[Number(statusCode)];
	return known ? new CodedError(known, undefined, { cause: error }) : null;
};

/** An RFC 9457 problem document; its type leads to the code's entry in the contract shown at /api/docs. */
export const problemOf = (error: CodedError, requestId: string) => ({
	type: `/api/docs#problem-${error.code}`,
	title: ERRORS[error.code].title,
	status: error.status,
	detail: error.message,
	code: error.code,
	...(error.fields ? { fields: error.fields } : {}),
	requestId,
});

/** An error's media type and text, for who speaks a protocol of its own. */
export type RenderProblem = (error: CodedError, requestId: string) => { type: string; body: string };

const problemDocument: RenderProblem = (error, requestId) => ({
	type: 'application/problem+json',
	body: JSON.stringify(problemOf(error, requestId)),
});

/**
 * Answers an error. What is not coded is logged whole and told as `internal` only; both carry the request's id. An
 * answer that has begun can only be cut.
 */
export const replyWithError = (
	error: unknown,
	request: IncomingMessage,
	response: ServerResponse,
	options: {
		logger: Logger;
		securityHeaders: SecurityHeaders;
		onRefused: OnRefused;
		headers?: Readonly<Record<string, string>>;
		/** How one shows who one is. */
		challenge?: string;
		/** How it looks; a problem document unless told. */
		problem?: RenderProblem | undefined;
	},
): CodedError => {
	const coded = toCodedError(error);
	const requestId = `req_${randomBytes(9).toString('base64url')}`;
	const told = coded ?? new CodedError('internal');
	const path = request.url?.split('?', 1)[0] ?? '';
	const about = { requestId, method: request.method, path };
	if (error instanceof NotAllowed) options.onRefused(error, path);
	if (response.headersSent || response.destroyed) {
		if (!coded) options.logger.error({ err: error, ...about }, 'an answer failed half-way');
		if (!response.writableFinished) response.destroy();
		return told;
	}
	if (!coded) options.logger.error({ err: error, ...about }, 'a request failed');
	else if (coded.status >= 500 && coded.cause) options.logger.warn({ err: coded, ...about }, 'a request was refused');

	const { type, body } = (options.problem ?? problemDocument)(told, requestId);
	for (const name of ENTITY_HEADERS) response.removeHeader(name);
	options.securityHeaders.applyTo(response);
	for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
	if (told.retryAfter !== undefined) response.setHeader('retry-after', Math.ceil(told.retryAfter));
	if (told.status === 401) response.setHeader('www-authenticate', options.challenge ?? 'Bearer realm="Millrace"');
	response.setHeader('cache-control', 'no-store');
	response.setHeader('content-type', type);
	response.setHeader('content-length', Buffer.byteLength(body));
	if (told.code === 'request-timeout') response.setHeader('connection', 'close');
	response.writeHead(told.status);
	response.end(body);
	if (told.code === 'request-timeout') response.once('finish', () => request.destroy(told));
	else discardRest(request);
	return told;
};

type Issues = readonly z.core.$ZodIssue[];

/** Whether a form of a union is not meant at all, because what it is told by does not fit. */
const isOther = (issues: Issues): boolean =>
	issues.some(
		(issue) =>
			(issue.path.length === 1 && issue.path[0] === 'type') ||
			(issue.path.length === 0 && issue.code === 'unrecognized_keys' && issue.keys.includes('type')),
	);

/** The faults of the form that was meant, where that is clear, in the place of “this is none of them”. */
const plainIssues = (issue: z.core.$ZodIssue): Issues => {
	if (issue.code === 'invalid_key') return [{ ...issue, message: issue.issues[0]?.message ?? issue.message }];
	const meant = issue.code === 'invalid_union' ? issue.errors.filter((issues) => !isOther(issues)) : [];
	const [only] = meant;
	if (meant.length !== 1 || !only) return [issue];
	return only.flatMap((one) => plainIssues({ ...one, path: [...issue.path, ...one.path] }));
};

/** zod's findings as our fields: `tasks[3].type`. */
export const fieldErrors = (error: z.ZodError): FieldError[] =>
	error.issues
		.slice(0, MOST_FIELDS)
		.flatMap((issue) => plainIssues(issue))
		.slice(0, MOST_FIELDS)
		.flatMap((issue) => {
			const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
			const at = (field: string) => path.concat(field).replace(/^\./, '');
			if (issue.code !== 'unrecognized_keys') return [{ path: at(''), message: issue.message }];
			// What a schema says of it itself is better.
			const message = issue.message.startsWith('Unrecognized') ? 'is not known' : issue.message;
			return issue.keys.slice(0, MOST_FIELDS).map((key) => ({ path: at(`.${key}`), message }));
		});
