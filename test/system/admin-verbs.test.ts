import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActView, SteerAnswer } from '../../shared/protocol/act.ts';
import type { NodeView } from '../../shared/protocol/node.ts';
import type { Quarantine } from '../../shared/protocol/quarantine.ts';
import type { QueueView, RouteAnswer } from '../../shared/protocol/queue.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Api } from '../support/api.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { PlayedAgent } from '../support/played-agent.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

let coordinator: RunningCoordinator;
let agent: RunningAgent;
let admin: Api;
let olga: Api;
let anna: Api;
let feed: LiveFeed;

beforeAll(async () => {
	coordinator = await startCoordinator();
	admin = coordinator.api;
	agent = await startAgent(coordinator, { concurrency: 2 });
	olga = await coordinator.newUser('olga', 'operator');
	anna = await coordinator.newUser('anna');
	feed = await LiveFeed.open(anna);
	await admin.post('/admin/queues', { name: 'yard', bindingKeys: ['yard.#'] });
});
afterAll(async () => {
	feed[Symbol.dispose]();
	await agent.stop();
	await agent[Symbol.asyncDispose]();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data, settled: false });
	await coordinator[Symbol.asyncDispose]();
});

const submit = async (task: object = {}) => (await anna.post<{ id: string }>('/tasks', { type: 'noop', ...task })).id;
const submitMany = async (count: number, task: object) =>
	(await anna.post<{ ids: string[] }>('/tasks:batch', { tasks: Array(count).fill({ type: 'noop', ...task }) })).ids;
const detail = (id: string) => anna.get<TaskDetail>(`/tasks/${id}`);
const steer = (body: object) => olga.post<SteerAnswer>('/admin/tasks:steer', body);
const queueView = async (name: string) => {
	const { items } = await olga.get<{ items: QueueView[] }>('/admin/queues');
	return items.find((queue) => queue.name === name) as QueueView;
};
const act = (id: string | null) => olga.get<ActView>(`/admin/acts/${id}`);
const countOf = async (state: string, queue: string): Promise<number> => {
	let count = 0;
	for (let cursor: string | null = ''; cursor !== null; ) {
		const page: { items: unknown[]; nextCursor: string | null } = await anna.get(
			`/tasks?limit=1000&state=${state}&queue=${queue}${cursor === '' ? '' : `&cursor=${cursor}`}`,
		);
		count += page.items.length;
		cursor = page.nextCursor;
	}
	return count;
};

test('a held task stands out of line and says why; watchers hear of it; its release lets it run', async () => {
	await olga.post('/admin/queues/normal:pause', { reason: 'look first' });
	const id = await submit();
	await olga.post(`/tasks/${id}:hold`, { reason: 'wait for the new disk' });
	expect(await detail(id)).toMatchObject({
		state: 'queued',
		held: { reason: 'wait for the new disk', by: 'olga' },
		waitingBecause: expect.stringMatching(/held by olga.*wait for the new disk.*operator or administrator releases/),
	});
	await olga.post('/admin/queues/normal:resume');
	// What came later runs; the held one stays.
	expect(await feed.task(await submit())).toMatchObject({ state: 'succeeded' });
	expect(await detail(id)).toMatchObject({ state: 'queued', attempts: [] });
	await expect(anna.post(`/tasks/${id}:release`), 'an owner does not undo an operator').rejects.toMatchObject({
		code: 'forbidden',
	});
	await olga.post(`/tasks/${id}:release`);
	expect(await feed.task(id)).toMatchObject({ state: 'succeeded' });
	await expect(olga.post(`/tasks/${id}:hold`)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('owners hold and release their own, and neither boost nor move', async () => {
	const id = await submit({ routingKey: 'yard.own' });
	await anna.post(`/tasks/${id}:hold`);
	expect(await detail(id)).toMatchObject({ held: { by: 'anna', reason: null } });
	await anna.post(`/tasks/${id}:release`);
	await anna.post(`/tasks/${id}:release`);
	expect(await detail(id)).toMatchObject({ held: null });
	for (const verb of ['boost', 'unboost']) {
		await expect(anna.post(`/tasks/${id}:${verb}`)).rejects.toMatchObject({ code: 'forbidden' });
	}
	await expect(anna.post(`/tasks/${id}:move`, { routingKey: 'normal.x' })).rejects.toMatchObject({ code: 'forbidden' });
	const bob = await coordinator.newUser('bob');
	await expect(bob.post(`/tasks/${id}:hold`)).rejects.toMatchObject({ status: 404 });
	await olga.post(`/tasks/${id}:boost`);
	expect(await detail(id)).toMatchObject({ boosted: true });
	await expect(olga.post(`/tasks/${id}:move`, { routingKey: 'nowhere.at.all' })).rejects.toMatchObject({
		code: 'no-queue-for-key',
	});
	await olga.post(`/tasks/${id}:move`, { routingKey: 'normal.moved' });
	expect(await feed.task(id)).toMatchObject({ state: 'succeeded', routingKey: 'normal.moved' });
});

test('what runs goes on when it is held, and does not start again', async () => {
	await using hand = await startPlayed(['manual']);
	await admin.post('/admin/queues', { name: 'manual', bindingKeys: ['manual.#'] });
	const id = await submit({ routingKey: 'manual.x' });
	const [first] = await hand.agent.assigned(1);
	await olga.post(`/tasks/${id}:hold`);
	const { task, attempt, token } = first!;
	const usage = { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 };
	await hand.agent.settle({ task, attempt, token, outcome: 'returned', reason: 'not now', usage });
	await waitFor('the task to be queued again', async () => (await detail(id)).state === 'queued');
	expect(await detail(id)).toMatchObject({ held: { by: 'olga' } });
	await olga.post(`/tasks/${id}:release`);
	await hand.agent.assigned(2);
	expect(hand.agent.assignments[1]).toMatchObject({ task: id, attempt: 2 });
	await admin.post(`/tasks/${id}:cancel`);
});

const startPlayed = async (queues: string[], concurrency = 4) => {
	const played = await PlayedAgent.start(coordinator, { queues, concurrency });
	return { agent: played, [Symbol.asyncDispose]: async () => played[Symbol.dispose]() };
};

test('a boosted task goes first, and an undo takes the boost back', async () => {
	await admin.post('/admin/queues', { name: 'line', bindingKeys: ['line.#'] });
	await using hand = await startPlayed(['line'], 1);
	await olga.post('/admin/queues/line:pause');
	const [first = '', second = '', third = ''] = await submitMany(3, { routingKey: 'line.x' });
	await steer({ verb: 'boost', ids: [second, third] });
	const { act: boost } = await steer({ verb: 'boost', ids: [first] });
	expect(await olga.post(`/admin/acts/${boost}:undo`)).toMatchObject({ changed: 1 });
	await olga.post('/admin/queues/line:resume');
	const [picked] = await hand.agent.assigned(1);
	expect(picked?.task).toBe(second);
	await steer({ verb: 'cancel', filter: { queue: 'line' } });
	expect(await detail(third)).toMatchObject({ state: 'cancelled' });
});

test('10,000 tasks are held by a filter, released, and put back by an undo', async () => {
	await submitMany(10_000, { routingKey: 'yard.bulk' });
	const filter = { queue: 'yard', type: 'noop' };
	expect(await steer({ verb: 'hold', filter, dryRun: true })).toMatchObject({ act: null, matched: 10_000 });
	await expect(steer({ verb: 'hold', filter, expected: 9_999 })).rejects.toMatchObject({ code: 'filter-changed' });
	const held = await steer({ verb: 'hold', filter, reason: 'spring cleaning', expected: 10_000 });
	expect(held).toMatchObject({ matched: 10_000, skipped: 0 });
	await waitFor('the act to be done', async () => (await act(held.act)).state === 'done');
	expect(await act(held.act)).toMatchObject({ changed: 10_000, by: 'olga', verb: 'tasks.hold', undoable: true });
	expect(await queueView('yard')).toMatchObject({ queued: 0 });
	// The same again changes nothing.
	const again = await steer({ verb: 'hold', filter });
	await waitFor('the act to be done', async () => (await act(again.act)).state === 'done');
	expect(await act(again.act)).toMatchObject({ changed: 0, skipped: 10_000 });

	const released = await steer({ verb: 'release', filter });
	await waitFor('the release', async () => (await queueView('yard')).queued === 10_000);
	await waitFor('the act to be done', async () => (await act(released.act)).state === 'done');
	await olga.post(`/admin/acts/${released.act}:undo`);
	await waitFor('the undo', async () => (await queueView('yard')).queued === 0);
	await waitFor('the undo to be noted', async () => (await act(released.act)).undone !== null);
	await expect(olga.post(`/admin/acts/${released.act}:undo`)).rejects.toMatchObject({ code: 'wrong-state' });
});

test('a kill in the middle of an act and of a purge leaves what is done; the same again does the rest', async () => {
	const patches = feed.patches.length;
	const killedRelease = async (): Promise<ActView> => {
		const release = steer({ verb: 'release', filter: { queue: 'yard' } }).catch(() => null);
		await waitFor('the first part', async () => (await queueView('yard')).queued > 0);
		await coordinator.kill();
		await release;
		await coordinator.restart();
		const { items } = await olga.get<{ items: ActView[] }>('/admin/acts?limit=1');
		return items[0] as ActView;
	};
	let cut = await killedRelease();
	while (cut.changed === 10_000) {
		// The kill came too late to cut anything: once more.
		await steer({ verb: 'hold', filter: { queue: 'yard' } });
		await waitFor('them to be held again', async () => (await queueView('yard')).queued === 0);
		cut = await killedRelease();
	}
	expect(cut).toMatchObject({ verb: 'tasks.release', matched: 10_000, state: 'cut' });
	expect(cut.changed % 500, 'whole parts').toBe(0);
	expect(await queueView('yard'), 'the line is what the ledger says').toMatchObject({ queued: cut.changed });
	const rest = await steer({ verb: 'release', filter: { queue: 'yard' } });
	await waitFor('all of them in line', async () => (await queueView('yard')).queued === 10_000);
	expect(rest.matched).toBe(10_000 - cut.changed);

	const dependent = await submit({ after: [(await submitMany(1, { routingKey: 'yard.last' }))[0]] });
	await expect(olga.post('/admin/queues/yard:purge', { confirm: 'yard' })).rejects.toMatchObject({ code: 'forbidden' });
	for (const confirm of [undefined, 'Yard']) {
		await expect(admin.post('/admin/queues/yard:purge', { confirm })).rejects.toMatchObject({
			code: 'confirmation-needed',
			status: 422,
		});
	}
	const purge = admin.post('/admin/queues/yard:purge', { confirm: 'yard' }).catch(() => null);
	await waitFor('the first part', async () => (await queueView('yard')).queued < 10_001);
	await coordinator.kill();
	await purge;
	await coordinator.restart();
	await admin.post<SteerAnswer>('/admin/queues/yard:purge', { confirm: 'yard', reason: 'tests' });
	await waitFor('an empty queue', async () => (await queueView('yard')).queued === 0);
	await waitFor('its dependent', async () => (await detail(dependent)).state === 'cancelled');
	expect(await countOf('cancelled', 'yard')).toBe(10_001);
	expect(await countOf('open', 'yard')).toBe(0);
	const last = (await olga.get<{ items: ActView[] }>('/admin/acts?limit=1')).items[0] as ActView;
	expect(last).toMatchObject({ verb: 'queue.purge', undoable: false });
	await expect(olga.post(`/admin/acts/${last.id}:undo`)).rejects.toMatchObject({ code: 'not-undoable' });
	await waitFor('watchers to be told to look again', () => feed.patches.length >= patches);
	expect(await feed.task(await submit()), 'work goes on').toMatchObject({ state: 'succeeded' });
});

test('a draining queue takes no new tasks, works off what it has, and does not stop uploads', async () => {
	await olga.post('/admin/queues/normal:pause');
	const before = await submit();
	const drained = await olga.post<QueueView>('/admin/queues/normal:drain', { reason: 'moving house' });
	expect(drained).toMatchObject({ paused: true, draining: true, reason: 'moving house', by: 'olga', queued: 1 });
	await expect(submit()).rejects.toMatchObject({ code: 'queue-draining', status: 409 });
	await expect(submitMany(2, {})).rejects.toMatchObject({ code: 'batch-invalid' });
	const { tasks } = await anna.upload('/drain.txt', 'words');
	expect(tasks.length).toBeGreaterThan(0);
	const { items } = await olga.get<{ items: ActView[] }>('/admin/acts?limit=2');
	expect(items.map(({ verb }) => verb)).toEqual(['queue.drain', 'queue.pause']);
	// The pause is not the last word any more: nothing to take back. The drain is.
	expect(await olga.post(`/admin/acts/${items[1]?.id}:undo`)).toMatchObject({ changed: 0, skipped: 1 });
	await olga.post('/admin/queues/normal:resume');
	await olga.post('/admin/queues/normal:drain');
	expect(await feed.task(before)).toMatchObject({ state: 'succeeded' });
	for (const { state } of await feed.tasks(tasks.map(({ id }) => id))) expect(state).toBe('succeeded');
	const [drain] = (await olga.get<{ items: ActView[] }>('/admin/acts?limit=1')).items;
	expect(await olga.post(`/admin/acts/${drain?.id}:undo`)).toMatchObject({ changed: 1 });
	expect(await feed.task(await submit())).toMatchObject({ state: 'succeeded' });
});

test('overlaps, servers and keys are told; a queue with tasks in it is deleted only when that is confirmed', async () => {
	await admin.post('/admin/queues', { name: 'night', bindingKeys: ['normal.night.*', 'night.#'] });
	expect(await queueView('night')).toMatchObject({
		overlaps: [{ bindingKey: 'normal.night.*', queue: 'normal', otherBindingKey: 'normal.#', winner: 'night' }],
		servedBy: [],
		warnings: [expect.stringContaining('No connected node serves it')],
	});
	expect(await queueView('normal')).toMatchObject({ servedBy: [agent.name], overlaps: [{ winner: 'night' }] });
	const routed = await olga.post<RouteAnswer>('/admin/queues:route', { routingKey: 'normal.night.x' });
	expect(routed).toMatchObject({ queue: 'night', bindingKey: 'normal.night.*' });
	expect(routed.matches.map(({ queue }) => queue)).toEqual(['night', 'normal']);
	expect(await olga.post('/admin/queues:route', { routingKey: 'lost.x' })).toMatchObject({ queue: null, matches: [] });
	await expect(admin.post('/admin/queues', { name: 'none', bindingKeys: [] })).rejects.toMatchObject({
		code: 'invalid',
		message: expect.stringContaining('at least one binding key'),
	});
	const id = await submit({ routingKey: 'night.x' });
	await expect(admin.json('DELETE', '/admin/queues/night')).rejects.toMatchObject({ code: 'confirmation-needed' });
	await admin.json('DELETE', '/admin/queues/night?confirm=night');
	expect(await detail(id)).toMatchObject({ state: 'queued', queue: null });
	await anna.post(`/tasks/${id}:cancel`);
	await expect(admin.json('DELETE', '/admin/queues/night')).rejects.toMatchObject({ code: 'not-found' });
});

test('a node is sent away until a time, which outlives the coordinator, and comes back by itself', async () => {
	const nodeOf = async () => {
		const { items } = await olga.get<{ items: NodeView[] }>('/admin/nodes');
		return items.find(({ name }) => name === agent.name) as NodeView;
	};
	const { id } = await nodeOf();
	await expect(
		olga.post(`/admin/nodes/${id}:cordon`, { until: new Date(Date.now() - 1).toISOString() }),
	).rejects.toMatchObject({ code: 'invalid' });
	const { act } = await olga.post<{ act: string }>(`/admin/nodes/${id}:cordon`, { reason: 'by mistake' });
	expect(await olga.post(`/admin/acts/${act}:undo`)).toMatchObject({ changed: 1 });
	expect(await nodeOf()).toMatchObject({ state: 'online', reason: null });

	const until = new Date(Date.now() + 4_000).toISOString();
	expect(await olga.post(`/admin/nodes/${id}:cordon`, { until, reason: 'new disk' })).toMatchObject({
		...{ state: 'cordoned', reason: 'new disk', by: 'olga', until },
	});
	const task = await submit();
	expect(await detail(task), 'and who waits is told why').toMatchObject({
		waitingBecause: expect.stringContaining(`takes work again, or when`),
		waiting: { facts: { resting: [{ node: agent.name, state: 'cordoned', reason: 'new disk', until }] } },
	});
	expect((await detail(task)).waitingBecause).toContain(`Node ${agent.name} is cordoned until `);
	expect((await detail(task)).waitingBecause).toMatch(/ UTC \(“new disk”\)\.$/);
	await coordinator.kill();
	await coordinator.restart();
	expect(await feed.task(task), 'it works again by itself').toMatchObject({ state: 'succeeded' });
	expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(until));
	expect(await nodeOf()).toMatchObject({ state: 'online', reason: null, until: null });

	await expect(olga.json('PATCH', `/admin/nodes/${id}`, { policy: null })).rejects.toMatchObject({ code: 'forbidden' });
	const policy = { taskTypes: ['md5'], reservedFor: [] };
	expect(await admin.json('PATCH', `/admin/nodes/${id}`, { policy })).toMatchObject({ policy });
	const kept = await submit();
	const { tasks } = await anna.upload('/policy.txt', 'md5 is taken, noop is not');
	const md5 = tasks.find(({ type }) => type === 'md5')!;
	expect(await feed.task(md5.id)).toMatchObject({ state: 'succeeded' });
	expect(await detail(kept)).toMatchObject({ state: 'queued' });
	await admin.json('PATCH', `/admin/nodes/${id}`, { policy: null });
	expect(await feed.task(kept)).toMatchObject({ state: 'succeeded' });
});

test('what failed is grouped by cause and run again: one of it, then all', async () => {
	await using hand = await startPlayed(['broken']);
	await admin.post('/admin/queues', { name: 'broken', bindingKeys: ['broken.#'] });
	const ids = await submitMany(12, { routingKey: 'broken.x' });
	const usage = { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 };
	const fail = async (from: number, to: number) => {
		for (let at = from; at < to; at++) {
			const assigned = await hand.agent.assigned(at + 1);
			const { task, attempt, token } = assigned[at]!;
			const message = at % 3 === 0 ? 'no such host' : `cannot read /data/part-${at}.bin at byte ${at * 100}`;
			const failure = { class: 'permanent', code: at % 3 === 0 ? 'net' : 'io', message };
			await hand.agent.settle({ task, attempt, token, outcome: 'failed', failure, usage });
		}
	};
	await fail(0, 12);
	const read = async () => {
		const { groups } = await olga.get<Quarantine>('/admin/quarantine');
		return groups.filter(({ errorCode }) => errorCode === 'net' || errorCode === 'io');
	};
	const groups = await read();
	expect(groups).toMatchObject([
		{ errorCode: 'io', message: 'cannot read # at byte #', count: 8, people: 1, nodes: 1, type: 'noop' },
		{ errorCode: 'net', message: 'no such host', count: 4 },
	]);
	const { group } = groups[0]!;
	expect(await olga.post('/admin/quarantine:replay', { group })).toMatchObject({ matched: 1, changed: 1 });
	await fail(12, 13);
	expect(await olga.post('/admin/quarantine:replay', { group, limit: 'all' })).toMatchObject({ changed: 7 });
	await hand.agent.assigned(17);
	await steer({ verb: 'cancel', ids });
	await waitFor('them to be told', () => hand.agent.cancels.length >= 4);
});

test('it is all in the audit log: who, what, how many and why', async () => {
	const { items } = await admin.get<{ items: { action: string; detail: Record<string, unknown> }[] }>(
		'/admin/audit?limit=500',
	);
	const find = (action: string) => items.filter((entry) => entry.action === action);
	expect(find('tasks.hold').map(({ detail }) => detail)).toContainEqual(
		expect.objectContaining({ filter: { queue: 'yard', type: 'noop' }, reason: 'spring cleaning', matched: 10_000 }),
	);
	expect(find('tasks.hold.done').map(({ detail }) => detail)).toContainEqual({ changed: 10_000, skipped: 0 });
	for (const action of [
		'queue.purge',
		'queue.drain',
		'queue.drain.undo',
		'queue.delete',
		'node.cordon',
		'node.return',
	]) {
		expect(find(action), action).not.toEqual([]);
	}
});
