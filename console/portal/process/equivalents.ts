import type { NewTask } from '../../../shared/client/tasks.ts';
import type { Json } from '../../../shared/protocol/json.ts';
import { quoteForShell } from '../files/quote-for-shell.ts';
import { inputsOf, type Spread } from './fit.ts';
import type { SelectedFile } from './selected-files.ts';

export interface Wish {
	type: string;
	files: readonly SelectedFile[];
	spread: Spread;
	parameters: Record<string, Json>;
	/** Null: the one that counts anyway. */
	serviceClass: string | null;
}

/** Files that a command names; a page is no place to read more. */
export const MOST_NAMED = 100;

export const tasksOf = ({ type, files, spread, parameters, serviceClass }: Wish): NewTask[] => {
	return inputsOf(files, spread).map((inputs) => ({
		type,
		inputs: inputs.map(({ id }) => ({ file: id })),
		parameters,
		...(serviceClass === null ? {} : { serviceClass }),
	}));
};

/** The same as a command line. */
export const asCommand = (wish: Wish): string => {
	const { type, files, spread, parameters, serviceClass } = wish;
	const words = ['millrace', 'run', type, ...files.slice(0, MOST_NAMED).map(({ path }) => quoteForShell(path))];
	if (Object.keys(parameters).length > 0) words.push('--params', quoteForShell(JSON.stringify(parameters)));
	if (serviceClass !== null) words.push('--class', quoteForShell(serviceClass));
	if (spread === 'each' && files.length > 1) words.push('--each');
	return words.join(' ');
};

/** The same as a call of the HTTP API; the token is taken from the environment, so that it stands in no history. */
export const asCall = (wish: Wish, origin: string): string => {
	const tasks = tasksOf({ ...wish, files: wish.files.slice(0, MOST_NAMED) });
	return [
		`curl -X POST ${quoteForShell(`${origin}/api/v1/tasks:batch`)}`,
		`  -H "Authorization: Bearer $MILLRACE_TOKEN"`,
		`  -H 'Content-Type: application/json'`,
		`  -d ${quoteForShell(JSON.stringify({ tasks }))}`,
	].join(' \\\n');
};
