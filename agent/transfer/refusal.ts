import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../shared/protocol/errors.ts';

const problemSchema = z.object({ code: z.string() });

/** The attempt, or the node, is no longer one that may ask: the work is somebody else's now. */
const NOT_OURS: ReadonlySet<string> = new Set<ErrorCode>([
	'stale-attempt',
	'node-revoked',
	'node-unknown',
	'unauthenticated',
]);

/** A coordinator's refusal of a transfer, as far as it decides what to do next. */
export interface Refusal {
	/** A code of the error table; empty when it was not the coordinator that answered but something in between. */
	code: ErrorCode | '';
	/** Time may heal it. */
	mayHeal: boolean;
	/** The attempt is not this node's any more. */
	isNotOurs: boolean;
	/** For people. */
	text: string;
}

/** What a refusal means. Only the coordinator's own word is final: a proxy in between may answer anything for a while. */
export const readRefusal = (status: number, body: string): Refusal => {
	const code = codeOf(body);
	return {
		code,
		mayHeal: code === '' || ERRORS[code].retryable,
		isNotOurs: NOT_OURS.has(code),
		text: `status ${status} ${code}`.trim(),
	};
};

const codeOf = (body: string): ErrorCode | '' => {
	let problem: unknown;
	try {
		problem = JSON.parse(body);
	} catch {
		// Some proxy's page.
		return '';
	}
	const code = problemSchema.safeParse(problem).data?.code ?? '';
	return Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : '';
};
