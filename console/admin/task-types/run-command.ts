import type { Values } from '../../kit/form/form-state.ts';
import { quoteForShell } from '../../kit/quote-for-shell.ts';

/** The command that runs the same. */
export const commandOf = (type: string, inputs: string, values: Values): string => {
	const files = inputs.split('\n').flatMap((line) => (line.trim() === '' ? [] : [quoteForShell(line.trim())]));
	const params = Object.keys(values).length === 0 ? [] : ['--params', quoteForShell(JSON.stringify(values))];
	return ['millrace run', type, ...files, ...params].join(' ');
};
