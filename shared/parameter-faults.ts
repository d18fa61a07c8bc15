import type { Parameter } from './protocol/parameter-schema.ts';

/** Values of a list of choices that are told at most. */
const MOST_TOLD = 20;

const TYPE_WORDS: Record<string, string> = {
	string: 'must be text',
	integer: 'must be a whole number',
	number: 'must be a number',
	boolean: 'must be true or false',
	array: 'must be a list',
	object: 'must be values with names',
};

const FORMAT_WORDS: Record<string, string> = {
	uri: 'must be an address such as https://example.org/a',
	email: 'must be an e-mail address such as ada@example.org',
	'date-time': 'must be a time such as 2026-01-31T07:30:00Z',
};

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** What is wrong with a value, in words that follow its name: “must be 1 or more”. */
export const faultWords = {
	type: ({ type }: { type: string }) => TYPE_WORDS[type] ?? `must be of type ${type}`,
	choice: (choices: readonly (string | number)[]) => {
		const told = choices.slice(0, MOST_TOLD).join(', ');
		return `must be one of: ${told}${choices.length > MOST_TOLD ? ', …' : ''}`;
	},
	missing: 'is needed',
	unknown: 'is not a parameter',
	shorter: (least: number) => (least === 1 ? 'must not be empty' : `must have ${many(least, 'character')} or more`),
	longer: (most: number) => `must have ${many(most, 'character')} or fewer`,
	pattern: (pattern: string) => `must have the form ${pattern}`,
	format: (format: string) => FORMAT_WORDS[format] ?? `must be a ${format}`,
	below: (least: number) => `must be ${least} or more`,
	above: (most: number) => `must be ${most} or less`,
	notAbove: (bound: number) => `must be more than ${bound}`,
	notBelow: (bound: number) => `must be less than ${bound}`,
	step: (step: number) => `must be a multiple of ${step}`,
	fewer: (least: number) => `must have ${many(least, 'entry').replace('entrys', 'entries')} or more`,
	more: (most: number) => `must have ${many(most, 'entry').replace('entrys', 'entries')} or fewer`,
	twice: 'must not have an entry twice',
};

/** What a parameter is called for people: its title, or else its name. */
export const parameterTitle = (name: string, { title }: Pick<Parameter, 'title'>): string => title ?? name;
