import { CodedError } from '../../shared/coded-error.ts';

/** What must hold for a change, as HTTP says it: numbers of the version that is there, or `*` for any. */
export interface VersionCondition {
	/** Null: no such condition. */
	ifMatch: '*' | readonly string[] | null;
	ifNoneMatch: '*' | readonly string[] | null;
}

export const ANY_VERSION: VersionCondition = { ifMatch: null, ifNoneMatch: null };

const fits = (wanted: '*' | readonly string[], version: number | null): boolean =>
	version !== null && (wanted === '*' || wanted.includes(String(version)));

/** Whether the condition holds; `version` is the one that is there, null when nothing is. */
export const holds = ({ ifMatch, ifNoneMatch }: VersionCondition, version: number | null): boolean =>
	(ifMatch === null || fits(ifMatch, version)) && (ifNoneMatch === null || !fits(ifNoneMatch, version));

/** Throws `precondition-failed` unless the condition holds. */
export const requireVersion = (condition: VersionCondition, version: number | null): void => {
	if (holds(condition, version)) return;
	const there = version === null ? 'there is none of that name' : `version ${version} is there now`;
	throw new CodedError('precondition-failed', `Nothing was changed: ${there}. Read it again, then decide.`);
};
