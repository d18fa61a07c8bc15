import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail, TaskSummary } from '../../shared/protocol/task.ts';
import { makeJpeg } from '../support/make-images.ts';
import { Millrace } from '../support/millrace.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let folder: TempFolder;
let millrace: Millrace;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2, queues: ['normal', 'priority'] });
	folder = new TempFolder();
	millrace = Millrace.of(coordinator);
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

test('a task runs with typed parameters, and its outputs come here', async (context) => {
	await coordinator.api.upload('/a.jpg', await makeJpeg(seededRandom(context), { megapixels: 1 }));
	const { items } = await millrace.json<{ items: TaskDetail[] }>([
		...['run', 'thumbnail', '/a.jpg', '--param', 'width=64', '--param', 'height=64'],
		...['--param', 'format=png', '--queue-key', 'priority.thumbnail', '--wait'],
	]);
	const [task] = items;
	expect(task).toMatchObject({
		state: 'succeeded',
		queue: 'priority',
		parameters: { width: 64, height: 64, format: 'png' },
	});
	const out = folder.join('outputs');
	expect((await millrace.run(['get', task?.id ?? '', out])).code).toBe(0);
	const { width, format } = await sharp(await readFile(`${out}/${task?.outputs[0]?.name}`)).metadata();
	expect({ width, format }).toEqual({ width: 64, format: 'png' });
});

test('a task that does not succeed gives the exit code 6 and says why', async (context) => {
	await writeFile(folder.join('broken.jpg'), (await makeJpeg(seededRandom(context))).subarray(0, 2_000));
	const ran = await millrace.here(['upload', folder.join('broken.jpg'), '/broken.jpg', '--wait']);
	expect(ran.code).toBe(6);
	expect(ran.stderr).toMatch(/thumbnail of \/broken\.jpg failed: /);
});

test('a wait is explained, watched, and ended by cancelling', async () => {
	const { ids } = await millrace.json<{ ids: string[] }>(['run', 'noop', '--queue-key', 'nowhere.noop']);
	const [id = ''] = ids;
	const shown = await millrace.here(['task', id]);
	expect(shown.stdout).toContain('No queue takes tasks with the routing key nowhere.noop');
	const watching = millrace.here(['task', id, '--watch']);
	expect((await millrace.here(['task', id, '--cancel'])).code).toBe(0);
	const watched = await watching;
	expect(watched.code).toBe(6);
	expect(watched.stdout).toContain('noop was cancelled.');
	expect((await millrace.here(['task', id, '--retry'])).code).toBe(0);
	expect(await millrace.json<TaskDetail>(['task', id])).toMatchObject({ state: 'queued' });
	expect((await millrace.here(['task', id, '--cancel'])).code).toBe(0);
});

test('tasks are listed by state, type and queue, and watched as they change', async () => {
	const watching = millrace.run(['tasks', '--watch', '--json', '--type', 'noop', '--state', 'succeeded'], {
		onOutput: (soFar, _type, interrupt) => {
			if (soFar.includes('priority.noop') && soFar.endsWith('\n')) interrupt();
		},
	});
	await millrace.json(['run', 'noop', '--params', '{"echo": "watched"}', '--queue-key', 'priority.noop', '--wait']);
	const ran = await watching;
	expect(ran.code).toBe(130);
	const seen = ran.stdout
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line) as TaskSummary);
	expect(seen.every(({ type, state }) => type === 'noop' && state === 'succeeded')).toBe(true);
	const { items } = await millrace.json<{ items: TaskSummary[] }>([
		'tasks',
		'--queue',
		'priority',
		'--state',
		'final',
		'--limit',
		'1',
	]);
	expect(items).toHaveLength(1);
	expect(items[0]).toMatchObject({ queue: 'priority' });
	const table = await millrace.here(['tasks', '--type', 'noop']);
	expect(table.stdout.split('\n')[0]).toMatch(/^ID +TYPE +STATE/);
	// No terminal, no colours.
	expect(table.stdout.includes('\u001b')).toBe(false);
});

test('wrong parameters and types are refused before or by the server, and nothing is submitted', async () => {
	const before = (await millrace.json<{ items: unknown[] }>(['tasks', '--limit', '1000'])).items.length;
	expect((await millrace.here(['run', 'noop', '--param', 'sleepMs=soon'])).code).toBe(2);
	expect((await millrace.here(['run', 'noop', '--param', 'sleepMs=-1'])).code).toBe(2);
	expect((await millrace.here(['run', 'unknown'])).code).toBe(2);
	expect((await millrace.here(['run', 'md5'])).code).toBe(2);
	expect((await millrace.json<{ items: unknown[] }>(['tasks', '--limit', '1000'])).items).toHaveLength(before);
});

test('the log of a task is followed to its end', async () => {
	const { ids } = await millrace.json<{ ids: string[] }>(['run', 'noop']);
	const ran = await millrace.here(['task', ids[0] ?? '', '--log', '--watch', '--json']);
	expect(ran.code, ran.stderr).toBe(0);
});
