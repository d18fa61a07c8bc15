import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail, TaskSummary } from '../../shared/protocol/task.ts';
import { Api } from '../support/api.ts';
import { Millrace } from '../support/millrace.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

let coordinator: RunningCoordinator;
let anna: Api;
let olga: Api;
let millrace: Millrace;
/** Anna's, none of which starts: they reach no queue. */
let ids: string[];

beforeAll(async () => {
	coordinator = await startCoordinator();
	anna = await coordinator.newUser('anna');
	olga = await coordinator.newUser('olga', 'operator');
	millrace = Millrace.of(coordinator);
	const tasks = Array.from({ length: 4 }, () => ({ type: 'noop', routingKey: 'nowhere.noop' }));
	({ ids } = await anna.post<{ ids: string[] }>('/tasks:batch', { tasks }));
	await coordinator.api.post('/tasks', { type: 'noop', routingKey: 'nowhere.noop' });
});
afterAll(async () => {
	await millrace?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const list = async (who: Api, query: string) => (await who.get<{ items: TaskSummary[] }>(`/tasks?${query}`)).items;
const idsOf = async (who: Api, query: string) => (await list(who, query)).map(({ id }) => id);

test('administrators are told whose tasks are whose by name, and nobody else is', async () => {
	const names = async (who: Api, query: string) => [...new Set((await list(who, query)).map((task) => task.ownerName))];
	expect(await names(coordinator.api, 'owner=all')).toEqual(['admin', 'anna']);
	expect(await names(olga, 'owner=all'), 'operators are not shown who there is').toEqual([null]);
	expect(await names(anna, '')).toEqual([null]);
	expect(await coordinator.api.get<TaskDetail>(`/tasks/${ids[0]}`)).toMatchObject({ ownerName: 'anna' });
	expect(await olga.get<TaskDetail>(`/tasks/${ids[0]}`)).toMatchObject({ ownerName: null });
	const { token } = await coordinator.api.post<{ token: string }>('/tokens', { name: 't', scopes: ['tasks:read'] });
	expect(await names(new Api(coordinator.url, token), 'owner=all'), 'a token for tasks only').toEqual([null]);

	const table = await millrace.here(['tasks', '--owner', 'all']);
	expect(table.stdout).toMatch(/ OWNER /);
	expect(table.stdout.match(/ anna /g)).toHaveLength(4);
	expect((await millrace.here(['tasks', '--owner', 'Anna'])).stdout.match(/ anna /g)).toHaveLength(4);
	expect((await millrace.here(['tasks', '--owner', 'nobody'])).stderr).toContain('There is no user nobody');
});

test('held tasks are listed by themselves', async () => {
	const [first = '', second = '', third = ''] = ids;
	await anna.post(`/tasks/${first}:hold`);
	await olga.post(`/tasks/${second}:hold`);
	await anna.post(`/tasks/${third}:hold`);
	expect(await idsOf(anna, 'state=held')).toEqual([third, second, first]);
	expect(await idsOf(anna, 'state=held&type=noop&limit=1')).toEqual([third]);
	expect(await idsOf(anna, 'state=held&type=md5')).toEqual([]);
	expect(await idsOf(olga, 'state=held')).toEqual([]);
	expect(await idsOf(olga, 'state=held&owner=all')).toEqual([third, second, first]);
	await anna.post(`/tasks/${first}:release`);
	// A task that is over is held by nobody.
	await anna.post(`/tasks/${third}:cancel`);
	expect(await idsOf(anna, 'state=held')).toEqual([second]);
	const { items } = await millrace.json<{ items: TaskSummary[] }>(['tasks', '--state', 'held', '--owner', 'all']);
	expect(items.map(({ id, ownerName }) => [id, ownerName])).toEqual([[second, 'anna']]);
});
