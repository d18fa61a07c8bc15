import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookInto } from '../support/look-into.ts';
import { startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

/** Each starts and ends an agent. */
const ROUNDS = 12;
const TASKS = 4;

let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

const submit = () =>
	coordinator.api.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: TASKS }, () => ({ type: 'noop' })),
	});
const inState = async (state: string, ids: readonly string[]) => {
	const { items } = await coordinator.api.get<{ items: { id: string }[] }>(`/tasks?state=${state}&limit=1000`);
	return ids.every((one) => items.some(({ id }) => id === one));
};
/** How attempts ended that brought nothing, and how often. */
const inVain = () =>
	lookInto<{ state: string; n: number }>(
		coordinator.data,
		`SELECT state, count(*) AS n FROM attempts WHERE state <> 'succeeded' GROUP BY state`,
	);

test('what was on its way to an idle agent when it was told to end is given back, and done elsewhere at once', async () => {
	using proxy = await TcpProxy.listen({ port: coordinator.port });
	await using leaver = await startAgent(coordinator, { name: 'leaver', url: proxy.url, concurrency: TASKS });
	const state = async () => {
		const { items } = await coordinator.api.get<{ items: { name: string; state: string }[] }>('/admin/nodes');
		return items.find(({ name }) => name === 'leaver')?.state;
	};
	proxy.blackHole('down');
	const { ids } = await submit();
	await waitFor('the tasks to be on their way', () => inState('running', ids));
	leaver.signal('SIGTERM');
	await waitFor('the coordinator to know that the agent leaves', async () => (await state()) === 'draining');
	proxy.heal();
	expect(await leaver.process.exited).toEqual({ code: 0, signal: null });
	expect(inVain()).toEqual([{ state: 'returned', n: TASKS }]);
	await using _ = await startAgent(coordinator);
	await waitFor('the tasks to be done', () => inState('succeeded', ids));
});

test(`none is lost to an idle agent that is told to end just as work comes, ${ROUNDS} times`, async () => {
	const all: string[] = [];
	for (let round = 0; round < ROUNDS; round += 1) {
		await using leaver = await startAgent(coordinator, { concurrency: TASKS });
		const submitted = submit();
		// Sooner or later after the request has left.
		for (let turn = 0; turn < round; turn += 1) await new Promise(setImmediate);
		leaver.signal('SIGTERM');
		expect(await leaver.process.exited).toEqual({ code: 0, signal: null });
		all.push(...(await submitted).ids);
	}
	await using _ = await startAgent(coordinator, { concurrency: TASKS });
	await waitFor('all tasks to be done', () => inState('succeeded', all));
	expect(inVain().filter(({ state }) => state !== 'returned')).toEqual([]);
});
