import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { JsonObject, TaskContext, TaskModule } from '../../agent/tasks/task-module.ts';
import { NOTHING_GIVEN } from './nothing-given.ts';
import type { TempFolder } from './temp-folder.ts';

let runs = 0;

/** Runs a task's code on contents, by name, in this process; answers with its result and what it has put out. */
export const runTask = async (
	folder: TempFolder,
	task: TaskModule,
	files: Record<string, Buffer | string>,
	parameters: JsonObject = {},
	changes: Partial<TaskContext> = {},
) => {
	const own = folder.join(`run-${++runs}`);
	mkdirSync(own);
	const inputs = Object.entries(files).map(([name, content], at) => {
		const path = `${own}/input-${at}`;
		writeFileSync(path, content);
		const bytes = Buffer.from(content);
		return { name, path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
	});
	const outputs: { name: string; mediaType: string; path: string }[] = [];
	const context: TaskContext = {
		parameters,
		inputs,
		output: async (name, mediaType) => {
			outputs.push({ name, mediaType, path: `${own}/${name}` });
			return `${own}/${name}`;
		},
		signal: new AbortController().signal,
		progress: () => {},
		log: () => {},
		...NOTHING_GIVEN,
		...changes,
	};
	const result = await task.run(context);
	return { result, outputs: outputs.map((output) => ({ ...output, content: readFileSync(output.path) })) };
};
