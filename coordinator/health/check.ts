import { type CheckAbout, type CheckName, type CheckState, MOST_NAMED_BY_CHECK } from '../../shared/protocol/health.ts';

/** What a check finds. */
export interface Finding {
	name: CheckName;
	state: CheckState;
	what: string;
	/** Null while it is well. */
	do: string | null;
	about?: CheckAbout;
}

const MOST_NAMED = 5;

/** The first few names, and how many more. */
export const named = (names: readonly string[]): string => {
	const shown = names.slice(0, MOST_NAMED).join(', ');
	return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
};

/** What a check tells of, by name: no more than fits. */
export const about = (kind: keyof CheckAbout, names: readonly string[]): { about: CheckAbout } => ({
	about: { [kind]: names.slice(0, MOST_NAMED_BY_CHECK) },
});

export const well = (name: CheckName, what: string): Finding => ({ name, state: 'ok', what, do: null });
export const notSetUp = (name: CheckName, what: string, todo: string): Finding => ({
	...{ name, state: 'off', what },
	do: todo,
});
