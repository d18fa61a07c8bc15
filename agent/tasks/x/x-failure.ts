import { ApiResponseError } from 'twitter-api-v2';
import { CodedError } from '../../../shared/coded-error.ts';
import { EgressFailure } from '../../../shared/egress/egress-failure.ts';
import { judgeOutside } from '../outside/ask-outside.ts';
import { inputError, TaskFailure } from '../task-failure.ts';

/** Why X gave no posts. */
export type XTrouble =
	/** Asked too often; it answers again at `resetAt`, milliseconds. */
	| { kind: 'too-often'; resetAt: number }
	/** A post that one asked from (or down from) is older than it searches. */
	| { kind: 'too-old'; border: 'since' | 'until' }
	/** For good, or not to be helped here. */
	| { kind: 'failed'; failure: TaskFailure };

interface Problem {
	title?: unknown;
	detail?: unknown;
	errors?: unknown;
}

const words = (value: unknown): string => (typeof value === 'string' ? value.replace(/\s+/g, ' ').slice(0, 300) : '');

/** Whether that parameter is what X complains of. */
const complainsOf = ({ errors }: Problem, name: string): boolean =>
	Array.isArray(errors) &&
	errors.slice(0, 20).some((one: { parameters?: unknown; message?: unknown } | null) => {
		const parameters = typeof one?.parameters === 'object' && one.parameters !== null ? one.parameters : {};
		return Object.hasOwn(parameters, name) || words(one?.message).includes(`'${name}'`);
	});

const detailOf = (problem: Problem): string => {
	const [first] = Array.isArray(problem.errors) ? problem.errors : [];
	return words((first as { message?: unknown } | undefined)?.message) || words(problem.detail) || words(problem.title);
};

const failed = (failure: TaskFailure): XTrouble => ({ kind: 'failed', failure });
const unavailable = (message: string): XTrouble =>
	failed(new TaskFailure({ class: 'transient', code: 'x-unavailable', message }));

const ofAnswer = (error: ApiResponseError, now: number): XTrouble => {
	const problem: Problem = typeof error.data === 'object' && error.data !== null ? (error.data as Problem) : {};
	const said = detailOf(problem);
	switch (error.code) {
		case 401:
			return failed(
				inputError(
					'x-token-refused',
					'X does not know the bearer token. Make one at developer.x.com, and replace the secret.',
				),
			);
		case 402:
		case 403:
			return failed(
				inputError(
					'x-forbidden',
					`X does not let the token’s app search${said ? ` (“${said}”)` : ''}. Look at its plan and credits at developer.x.com.`,
				),
			);
		case 429: {
			if (/usage\s*cap/i.test(`${words(problem.title)} ${said}`)) {
				const message = `The token’s app has read as many posts as its plan allows${said ? ` (“${said}”)` : ''}.`;
				return failed(inputError('x-usage-capped', message));
			}
			const reset = error.rateLimit?.reset;
			const resetAt = typeof reset === 'number' && Number.isFinite(reset) ? reset * 1_000 : now + 900_000;
			return { kind: 'too-often', resetAt: Math.min(resetAt, now + 86_400_000) };
		}
		case 400:
			if (complainsOf(problem, 'until_id')) return { kind: 'too-old', border: 'until' };
			if (complainsOf(problem, 'since_id')) return { kind: 'too-old', border: 'since' };
			return failed(
				inputError('x-query-refused', `X does not take the search${said ? `: ${said}` : ''}. Change the topic.`),
			);
		default:
			return unavailable(`X answered with status ${error.code}.`);
	}
};

/**
 * What an error of the library means. It holds the request with its token, so it is neither kept nor shown; what went
 * wrong with the connection is not in it, so that is asked of who made the connection.
 */
export const troubleOf = (error: unknown, connection: unknown, now: number): XTrouble => {
	if (error instanceof ApiResponseError) return ofAnswer(error, now);
	if (connection instanceof CodedError || connection instanceof EgressFailure) {
		return failed(judgeOutside(connection) as TaskFailure);
	}
	const { code = 'no whole answer' } = (connection ?? {}) as NodeJS.ErrnoException;
	return unavailable(`X could not be asked (${String(code).slice(0, 60)}).`);
};
