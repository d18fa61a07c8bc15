import { CodedError } from '../../../shared/coded-error.ts';
import { ERRORS, type ErrorCode } from '../../../shared/protocol/errors.ts';
import { ConnectTimeout } from './pinned-agent.ts';
import { CertificateRefused } from './pins.ts';

/** What an answer is to hold when the coordinator gave none: the same form as the coordinator's own refusals. */
export const problemAnswer = (error: CodedError): Response =>
	new Response(
		JSON.stringify({
			type: `urn:millrace:problem:${error.code}`,
			title: ERRORS[error.code].title,
			status: error.status,
			code: error.code,
			detail: error.message,
		}),
		{ status: error.status, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } },
	);

const SENTENCES: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'nothing listens there. Is it running?',
	ENOTFOUND: 'that name is not known. Check the address and the network.',
	EAI_AGAIN: 'names cannot be looked up now. Check the network.',
	EHOSTUNREACH: 'that machine cannot be reached. Check the network.',
	ENETUNREACH: 'that network cannot be reached. Check the network.',
	ECONNRESET: 'the connection was cut. Is it restarting?',
	EPIPE: 'the connection was cut. Is it restarting?',
	EPROTO: 'it does not speak HTTPS there. Is the address http:// or the port another one?',
	ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak HTTPS there. Is the address http:// or the port another one?',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak HTTPS there. Is the address http:// or the port another one?',
};

const refusal = (code: ErrorCode, detail: string, cause: unknown) => new CodedError(code, detail, { cause });

/** Why a request to a coordinator came to nothing, in a sentence that says what helps. */
export const whyNoAnswer = (url: string, error: unknown): CodedError => {
	if (error instanceof CodedError) return error;
	if (error instanceof CertificateRefused) return refusal('certificate-refused', error.message, error);
	if (error instanceof ConnectTimeout)
		return refusal('coordinator-away', `${url}: no connection came about within 10 seconds. Check the network.`, error);
	const code = (error as NodeJS.ErrnoException).code ?? '';
	const sentence = SENTENCES[code] ?? `${code || 'the connection failed'}. Is it running, and is the address right?`;
	return refusal('coordinator-away', `${url}: ${sentence}`, error);
};
