import { mkdirSync, readFileSync } from 'node:fs';
import type { JsonObject, TaskContext, TaskModule } from '../../agent/tasks/task-module.ts';
import type { TempFolder } from './temp-folder.ts';

let runs = 0;

/** Runs a task that asks outside, in this process; answers with its result and what it has put out. */
export const runOutsideTask = async (
	folder: TempFolder,
	task: TaskModule,
	parameters: JsonObject,
	given: Partial<Pick<TaskContext, 'source' | 'egress' | 'signal'>> & { secrets?: Record<string, string> } = {},
) => {
	const own = folder.join(`outside-${++runs}`);
	mkdirSync(own);
	const outputs: { name: string; mediaType: string }[] = [];
	const result = await task.run({
		parameters,
		inputs: [],
		source: given.source ?? null,
		egress: given.egress ?? null,
		secret: (slot) => given.secrets?.[slot] ?? null,
		output: async (name, mediaType) => {
			outputs.push({ name, mediaType });
			return `${own}/${name}`;
		},
		signal: given.signal ?? new AbortController().signal,
		progress: () => {},
		log: () => {},
	});
	const written = outputs.map((output) => ({ ...output, content: readFileSync(`${own}/${output.name}`, 'utf8') }));
	const lines =
		written
			.find(({ name }) => name === 'items.jsonl')
			?.content.split('\n')
			.slice(0, -1) ?? [];
	return { result, outputs: written, items: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
};
