import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EffectivePolicy } from '../../shared/protocol/policy.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { type Api, ApiRefusal } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { runMillrace } from '../support/run-millrace.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let ada: Api;
let ben: Api;
const ids = new Map<string, string>();

const put = (name: string, settings: object, headers: Record<string, string> = {}) =>
	coordinator.api.json('PUT', `/admin/service-classes/${name}`, settings, headers);
const give = (person: string, serviceClass: string | null) =>
	coordinator.api.json('PATCH', `/admin/users/${ids.get(person)}`, { serviceClass });

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 1 });
	await put('first', { band: 8 });
	await put('last', { band: 2 });
	[ada, ben] = [await coordinator.newUser('ada'), await coordinator.newUser('ben')];
	for (const api of [ada, ben]) {
		const me = await api.get<{ id: string; username: string }>('/me');
		ids.set(me.username, me.id);
	}
	await give('ada', 'last');
	await give('ben', 'first');
});
afterAll(async () => {
	await agent.stop();
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	// Of the ten thousand some still stand in line.
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

const task = async (api: Api, id: string) => api.get<TaskDetail>(`/tasks/${id}`);
const submit = async (api: Api, count: number, more: object = {}): Promise<string[]> => {
	const tasks = Array.from({ length: count }, () => ({ type: 'noop', parameters: { sleepMs: 5 }, ...more }));
	return (await api.post<{ ids: string[] }>('/tasks:batch', { tasks })).ids;
};
/** Keeps the only slot until it is called. */
const holdSlot = async (): Promise<() => Promise<void>> => {
	const { id } = await coordinator.api.post<{ id: string }>('/tasks', {
		type: 'noop',
		parameters: { sleepMs: 600_000 },
	});
	await waitFor('the slot to be held', async () => (await task(coordinator.api, id)).state === 'running');
	return () => coordinator.api.post(`/tasks/${id}:cancel`).then(() => {});
};
/** Whose tasks started, one after the other, once all have. */
const startsOf = async (all: readonly (readonly [Api, readonly string[]])[]): Promise<Api[]> => {
	const starts: { api: Api; at: string }[] = [];
	for (const [api, tasks] of all) {
		for (const id of tasks) {
			const done = await waitFor(`${id} to be over`, async () => {
				const now = await task(api, id);
				return now.state === 'succeeded' && now;
			});
			starts.push({ api, at: done.startedAt! });
		}
	}
	return starts.sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ api }) => api);
};
const repeat = (api: Api, times: number) => Array.from({ length: times }, () => api);

test('who is in a higher band goes first, and a changed class counts for what stands in line', async () => {
	let release = await holdSlot();
	const before = [await submit(ada, 3), await submit(ben, 3)] as const;
	expect(await task(ada, before[0][0]!)).toMatchObject({ state: 'queued', serviceClass: 'last' });
	await release();
	const starts = await startsOf([
		[ada, before[0]],
		[ben, before[1]],
	]);
	expect(starts).toEqual([...repeat(ben, 3), ...repeat(ada, 3)]);

	release = await holdSlot();
	const after = [await submit(ada, 3), await submit(ben, 3)] as const;
	await put('last', { band: 9 });
	await release();
	const turned = await startsOf([
		[ada, after[0]],
		[ben, after[1]],
	]);
	expect(turned).toEqual([...repeat(ada, 3), ...repeat(ben, 3)]);
	await put('last', { band: 2 });
});

test('ten thousand tasks in line follow their owner into another class, by a group or by name', async () => {
	const release = await holdSlot();
	const flood = await submit(ada, 10_000, { routingKey: 'normal.flood' });
	const own = await submit(ada, 1, { serviceClass: 'background' });
	const others = await submit(ben, 1);
	await give('ada', null);
	const group = await coordinator.api.post<{ id: string }>('/admin/groups', { name: 'lab', serviceClass: 'priority' });
	await coordinator.api.json('PUT', `/admin/groups/${group.id}/members/${ids.get('ada')}`);
	await put('priority', { band: 9 });
	expect(await task(ada, flood[9_999]!)).toMatchObject({ serviceClass: 'priority' });
	expect(await task(ada, own[0]!)).toMatchObject({ serviceClass: 'background' });
	const { items } = await ada.get<{ items: TaskDetail[] }>('/tasks?state=queued&limit=1000');
	expect(items).toHaveLength(1_000);
	await release();
	const first = await waitFor('a task of the flood to start', async () => {
		const now = await task(ada, flood[0]!);
		return now.startedAt !== null && now;
	});
	const waiting = await task(ben, others[0]!);
	expect(waiting.startedAt === null || waiting.startedAt > first.startedAt!).toBe(true);
	await give('ada', 'last');
	await startsOf([[ben, others]]);
	expect((await task(ada, own[0]!)).state, 'idle-only work waits for all other').toBe('queued');
	await give('ada', null);
});

test('a task says whose class it goes by and where every value comes from', async () => {
	const [id] = await submit(ben, 1, { serviceClass: 'background', notBefore: '2099-01-01T00:00:00Z' });
	const policy = await ben.get<EffectivePolicy>(`/tasks/${id}/policy`);
	expect(policy).toMatchObject({ serviceClass: 'background', because: 'asked for at submit' });
	expect(policy.values).toContainEqual({ path: 'band', value: 0, from: 'class background v1, asked for at submit' });
	await expect(ada.get(`/tasks/${id}/policy`)).rejects.toMatchObject({ code: 'not-found' });
	await expect(submit(ben, 1, { serviceClass: 'priority' })).rejects.toMatchObject({ code: 'batch-invalid' });
	const one = { type: 'noop', serviceClass: 'priority' };
	await expect(ben.post('/tasks', one)).rejects.toMatchObject({ status: 403, code: 'class-not-allowed' });
	const unknown = ben.post('/tasks', { type: 'noop', serviceClass: 'nothing' });
	await expect(unknown).rejects.toMatchObject({ status: 422, code: 'unknown-service-class' });
	await expect(coordinator.api.json('DELETE', '/admin/service-classes/background')).rejects.toBeInstanceOf(ApiRefusal);
	await ben.post(`/tasks/${id}:cancel`);
	expect(await coordinator.api.post('/tasks', one)).toHaveProperty('id');
});

test('after kill -9 the same classes count for the same people', async () => {
	// All but what is in line and runs right now.
	const classesNow = async () => {
		const { items } = await coordinator.api.get<{ items: object[] }>('/admin/service-classes');
		return items.map((each) => ({ ...each, now: null }));
	};
	const classes = await classesNow();
	const policies = [await ada.get('/me/policy'), await ben.get('/me/policy')];
	const history = await coordinator.api.get('/admin/service-classes/last/versions');
	await coordinator.kill();
	await coordinator.restart();
	expect(await classesNow()).toEqual(classes);
	expect([await ada.get('/me/policy'), await ben.get('/me/policy')]).toEqual(policies);
	expect(await coordinator.api.get('/admin/service-classes/last/versions')).toEqual(history);
	expect((await submit(ben, 1, { serviceClass: 'first' })).length).toBe(1);
});

test('the command line sets, shows, rolls back and gives classes', async () => {
	await using home = new TempFolder();
	const env = { MILLRACE_URL: coordinator.url, MILLRACE_TOKEN: coordinator.api.token! };
	const run = async (...argv: string[]) => {
		const ran = await runMillrace(['admin', ...argv], { home: home.path, env });
		expect(ran.code, ran.stderr).toBe(0);
		return ran.stdout;
	};
	await run('class', 'set', 'cli', '--band', '7', '--running', '4', '--starts', '60:10', '--per-type', 'noop=2');
	await run('class', 'set', 'cli', '--running', 'none', '--memory', '2GB', '--reason', 'more');
	expect(JSON.parse(await run('class', 'show', 'cli', '--json'))).toMatchObject({
		band: 7,
		version: 2,
		caps: { running: null, memoryBytes: 2e9, perType: { noop: 2 } },
		rates: { starts: { perMinute: 60, burst: 10 } },
	});
	expect(await run('class', 'history', 'cli')).toMatch(/more/);
	expect(await run('class', 'roll-back', 'cli', '1')).toMatch(/version 3/);
	await run('group', 'create', 'team', '--class', 'cli');
	await run('group', 'add', 'team', 'ben');
	await run('user', 'class', 'ben', 'none');
	expect(await run('policy', 'ben')).toMatch(/cli, version 3, given to group team/);
	expect(await run('group', 'list')).toMatch(/^team .*cli/m);
	await run('group', 'delete', 'team');
	await run('class', 'delete', 'cli');
});
