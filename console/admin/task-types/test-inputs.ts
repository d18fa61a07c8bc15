import { listFolder } from '../../../shared/client/files.ts';
import type { HttpClient } from '../../../shared/client/http-client.ts';
import { eachItem } from '../../../shared/client/page.ts';
import { CodedError } from '../../../shared/coded-error.ts';
import type { TaskInput } from '../../../shared/protocol/task.ts';
import { words } from './words.ts';

/** What a line names: a file of one's own by its path, or one of a dataset. */
type Named = { path: string } | { dataset: string; path: string };

const PREFIX = 'dataset:';
/** A task takes no more. */
const MOST_INPUTS = 1_000;

/** One input a line; empty lines are none. */
export const namedInputs = (text: string): Named[] =>
	text
		.split('\n')
		.map((line) => line.trim())
		.filter((line) => line !== '')
		.slice(0, MOST_INPUTS)
		.map((line) => {
			if (!line.startsWith(PREFIX)) return { path: line.startsWith('/') ? line : `/${line}` };
			const [dataset = '', ...path] = line.slice(PREFIX.length).split('/');
			return { dataset, path: path.join('/') };
		});

const fileAt = async (http: HttpClient, path: string): Promise<TaskInput> => {
	const slash = path.lastIndexOf('/');
	const [folder, name] = [path.slice(0, slash) || '/', path.slice(slash + 1)];
	const pages = (cursor?: string) =>
		listFolder(http, folder, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
	for await (const entry of eachItem(pages)) {
		if (entry.kind === 'file' && entry.name === name) return { file: entry.id };
	}
	throw new CodedError('not-found', words.noFile(path));
};

/** The inputs as a task takes them: own files are looked up by their paths. */
export const taskInputs = async (http: HttpClient, text: string): Promise<TaskInput[]> => {
	const inputs: TaskInput[] = [];
	for (const named of namedInputs(text)) {
		inputs.push('dataset' in named ? named : await fileAt(http, named.path));
	}
	return inputs;
};
