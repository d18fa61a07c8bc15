import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { writeCommandTypes } from '../support/command-types.ts';
import { Millrace } from '../support/millrace.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let millrace: Millrace;

beforeAll(async () => {
	folder = new TempFolder();
	coordinator = await startCoordinator();
	const types = writeCommandTypes(folder.join('types'), {
		greet: { script: `printf '{"given": %s}' "$(cat "$MILLRACE_PARAMETERS")" > "$MILLRACE_RESULT"` },
	});
	agent = await startAgent(coordinator, { args: ['--task-types', types, '--sandbox', 'none'] });
	millrace = Millrace.of(coordinator);
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

const manifest = (parameters: object) => ({
	...{ name: 'greet', title: 'Greet', routingKey: 'normal.greet', command: ['sh', './run.sh'] },
	inputs: { mediaTypes: ['*/*'], min: 0, max: 1 },
	parameters: { type: 'object', ...parameters },
});

test('what a node carries can be run once its manifest is installed, and no more once it is retired', async () => {
	const file = join(folder.path, 'manifest.json');
	const run = (...argv: string[]) => millrace.json<{ items: TaskDetail[] }>(['run', 'greet', '--wait', ...argv]);
	expect((await millrace.here(['run', 'greet'])).stderr).toContain('There is no task type greet');

	await writeFile(file, JSON.stringify(manifest({ properties: { who: { type: 'string', default: 'you' } } })));
	expect((await millrace.here(['admin', 'task-type', 'check', file])).stdout).toContain('it would install greet');
	expect((await millrace.here(['run', 'greet'])).code).toBe(2);
	expect(await millrace.json(['admin', 'task-type', 'install', file])).toEqual({ name: 'greet', version: 1 });
	expect((await run('--who', 'ada')).items[0]).toMatchObject({ state: 'succeeded', result: { given: { who: 'ada' } } });
	expect((await run()).items[0]).toMatchObject({ state: 'succeeded', result: { given: { who: 'you' } } });

	await writeFile(file, JSON.stringify(manifest({ properties: { whom: { type: 'string' } }, required: ['whom'] })));
	expect(await millrace.json(['admin', 'task-type', 'install', file])).toEqual({ name: 'greet', version: 2 });
	const refused = await millrace.here(['run', 'greet', '--who', 'ada']);
	expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('the task type has: --whom')]);
	await expect(coordinator.api.post('/tasks', { type: 'greet' })).rejects.toMatchObject({
		code: 'parameters-invalid',
		problem: { fields: [{ path: 'parameters.whom', message: 'is needed' }] },
	});

	// An installed type outlives the coordinator.
	await coordinator.kill();
	await coordinator.restart();
	expect((await run('--whom', 'bob')).items[0]).toMatchObject({ result: { given: { whom: 'bob' } } });
	expect((await millrace.here(['admin', 'task-type', 'retire', 'greet'])).code).toBe(0);
	expect((await millrace.here(['run', 'greet', '--whom', 'bob'])).stderr).toContain('There is no task type greet');
});
