import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { History } from '../../shared/protocol/history.ts';
import type { NodeView } from '../../shared/protocol/node.ts';
import { Millrace } from '../support/millrace.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let millrace: Millrace;

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	millrace = Millrace.of(coordinator);
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const theNode = async (): Promise<NodeView> => {
	const { items } = await coordinator.api.get<{ items: NodeView[] }>('/admin/nodes');
	return items[0]!;
};
/** The history of something once it has as many seconds as wanted of a measure. */
const historyOf = async (path: string, measure: string, least: number): Promise<History> => {
	let seen: History | null = null;
	await waitFor(`${least} seconds of ${measure}`, async () => {
		seen = await coordinator.api.get<History>(`/admin/${path}`);
		return (seen.measures[measure]?.mean ?? []).filter((value) => value !== null).length >= least;
	});
	return seen!;
};
const sum = (values: readonly (number | null)[] = []) =>
	values.reduce<number>((total, value) => total + (value ?? 0), 0);

test('what a machine does is known each second, and the history of all of it can be read', async () => {
	const ids = await coordinator.api.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: 20 }, () => ({ type: 'noop' })),
	});
	expect(ids.ids).toHaveLength(20);
	const node = await theNode();
	const history = await historyOf(`nodes/${node.id}/history`, 'cpuLoad', 3);
	expect(history.resolution).toBe('second');
	expect(history.measures.memoryUsedBytes).toMatchObject({ unit: 'bytes' });
	expect(history.measures.cpuLoad!.mean).toHaveLength(history.times.length);
	expect((await theNode()).metrics).toMatchObject({ cpuLoad: expect.any(Number), load1: expect.any(Number) });
	const queue = await historyOf('queues/normal/history?measures=outPerSecond,inPerSecond', 'outPerSecond', 3);
	expect(Object.keys(queue.measures).sort()).toEqual(['inPerSecond', 'outPerSecond']);
	await waitFor('twenty tasks that came and went', async () => {
		const { measures } = await coordinator.api.get<History>('/admin/service-classes/standard/history');
		return sum(measures.outPerSecond?.mean) > 10 && sum(measures.inPerSecond?.mean) > 10;
	});
	const self = await historyOf('history', 'walBytes', 3);
	expect(self.measures.diskFreeBytes!.mean.some((free) => (free ?? 0) > 0)).toBe(true);
	expect(self.measures.commitMostMs!.mean.some((ms) => (ms ?? 0) > 0)).toBe(true);
});

test('what does not exist, or cannot be asked for, is refused in words', async () => {
	const ask = (path: string) => coordinator.api.raw('GET', `/api/v1/admin/${path}`).then(({ status }) => status);
	expect(await ask('queues/nothing/history')).toBe(404);
	expect(await ask('service-classes/nothing/history')).toBe(404);
	expect(await ask('nodes/nod_00000000000000000000000000/history')).toBe(404);
	expect(await ask('history?measures=nothing')).toBe(422);
	expect(await ask('history?from=2030-01-01T00:00:00Z&to=2029-01-01T00:00:00Z')).toBe(422);
	expect(await ask('history?resolution=year')).toBe(422);
	const anna = await coordinator.newUser('anna');
	for (const path of ['history', 'queues/normal/history']) {
		expect((await anna.raw('GET', `/api/v1/admin/${path}`)).status).toBe(403);
	}
});

test('a history that was spoilt while nobody looked is begun anew, and all else goes on', async () => {
	const { data } = coordinator;
	await coordinator.stop();
	for (const end of ['', '-wal']) await writeFile(join(data, `history.db${end}`), 'spoilt '.repeat(2_000));
	await coordinator.restart();
	const id = await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop' });
	expect(id.id).toMatch(/^tsk_/);
	await historyOf('history', 'depth', 2);
	expect(existsSync(join(data, 'history.db.unusable'))).toBe(true);
});
