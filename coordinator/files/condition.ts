import { CodedError } from '../../shared/coded-error.ts';

/** What must hold for a write to happen, as HTTP says it: SHA-256s of the newest version, or `*` for any. */
export interface Condition {
	/** Null: no such condition. */
	ifMatch: '*' | readonly string[] | null;
	ifNoneMatch: '*' | readonly string[] | null;
}

/** Nothing is asked for. */
export const NO_CONDITION: Condition = { ifMatch: null, ifNoneMatch: null };

/** Throws `precondition-failed` unless the condition holds; `newest` is the SHA-256 of what is there, or null. */
export const requireCondition = (condition: Condition, newest: string | null): void => {
	const { ifMatch, ifNoneMatch } = condition;
	if (ifMatch !== null && !includes(ifMatch, newest)) {
		throw new CodedError('precondition-failed', newest === null ? 'There is no file of that name.' : undefined);
	}
	if (ifNoneMatch !== null && includes(ifNoneMatch, newest)) {
		throw new CodedError('precondition-failed', 'There is a file of that name already.');
	}
};

const includes = (wanted: '*' | readonly string[], newest: string | null): boolean =>
	newest !== null && (wanted === '*' || wanted.includes(newest));
