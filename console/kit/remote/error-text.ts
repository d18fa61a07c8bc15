import { UnreachableError } from '../../../shared/client/client-errors.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import { plural } from '../format.ts';

/** What went wrong, for a person: what it was and what to do. */
export const errorText = (error: unknown): string => {
	if (error instanceof UnreachableError) return 'The server did not answer. Check the connection, then try again.';
	if (error instanceof CodedError && error.retryAfter !== undefined) {
		return `${sentence(error.message)} Try again in ${patience(error.retryAfter)}.`;
	}
	if (error instanceof CodedError && error.fields !== undefined && error.fields.length > 0) {
		const [first] = error.fields;
		return sentence(first ? `${error.message}: ${first.path} ${first.message}` : error.message);
	}
	return sentence(error instanceof Error ? error.message : String(error));
};

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

const patience = (seconds: number): string =>
	seconds < 90 ? plural(seconds, 'second') : plural(Math.ceil(seconds / 60), 'minute');
