import { expect, it } from 'vitest';
import { type TaskDetail, taskUsageSchema } from '../../../shared/protocol/task.ts';
import { causeWords, madeByTask, recipeWords, settingWords, usedWords } from './made-words.ts';

const USAGE = taskUsageSchema.parse({
	...{ wallMs: 1_000, cpuMs: 300, peakMemoryBytes: 40_000_000, bytesIn: 1_200_000, bytesOut: 30_000 },
});

const task = (parts: Partial<TaskDetail>): TaskDetail =>
	({
		...{ id: 'tsk_1', type: 'resize', typeVersion: 2, origin: null, parameters: {}, inputs: [], attempts: [] },
		...{ node: null, usage: USAGE, ...parts },
	}) as TaskDetail;

it('what a task made is told of its last attempt', () => {
	const attempt = (number: number) =>
		({ number, node: `node-${number}`, startedAt: `start ${number}`, finishedAt: `end ${number}` }) as never;
	expect(madeByTask(task({ attempts: [attempt(1), attempt(2)] }))).toMatchObject({
		...{ node: 'node-2', attempt: 2, startedAt: 'start 2', finishedAt: 'end 2', cause: 'demand', recipe: null },
		...{ typeVersion: 2, inputCount: 0 },
	});
	const origin = { cause: 'upload', recipe: 'rcp_1', recipeVersion: 3, step: 0 };
	expect(madeByTask(task({ origin }))).toMatchObject({ cause: 'upload', recipe: { id: 'rcp_1', version: 3, step: 0 } });
});

it('a recipe without steps, or one that is of no version, is told without them', () => {
	expect(recipeWords({ version: 3, step: 1 })).toBe('Version 3 of the recipe, step 2');
	expect(recipeWords({ version: null, step: null })).toBe('A recipe');
});

it('causes, costs and settings are told in words', () => {
	expect(causeWords('schedule')).toBe('A schedule ran');
	expect(causeWords('of-tomorrow')).toBe('of-tomorrow');
	expect(usedWords(USAGE)).toBe('300 ms of CPU, 40.0 MB of memory, 1.2 MB fetched, 30.0 kB handed over');
	expect([settingWords('inside'), settingWords(true), settingWords(['a', 1])]).toEqual(['inside', 'yes', '["a",1]']);
});
