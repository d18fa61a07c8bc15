import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NodeView } from '../../shared/protocol/node.ts';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { Api } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { PlayedAgent, success } from '../support/played-agent.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { startAgents } from '../support/start-agents.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';

const ROUNDS = rounds(1, 10);
const STALE = rounds(8, 100);
/** A node by its name; cordoned it takes no work, uncordoned it does. */
const steer = async ({ api }: RunningCoordinator, name: string, act: 'cordon' | 'uncordon'): Promise<void> => {
	const { items } = await api.get<{ items: NodeView[] }>('/admin/nodes');
	await api.post(`/admin/nodes/${items.find((node) => node.name === name)?.id}:${act}`);
};

let coordinator: RunningCoordinator;
let anna: Api;

beforeAll(async () => {
	coordinator = await startCoordinator({ env: { MILLRACE_LEASE: '2', MILLRACE_LINK_GRACE: '2' } });
	anna = await coordinator.newUser('anna');
});
afterAll(async () => {
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
	await coordinator[Symbol.asyncDispose]();
});

test('P4: an agent that slept through two leases has lost its work to another; what it says afterwards is stale', async () => {
	using feed = await LiveFeed.open(anna);
	await using agents = await startAgents(
		coordinator,
		// More slots than tasks: what has come to count as long on a busy machine is kept out of some.
		['sleeper', 'other'].map((name) => ({ name, concurrency: 6 })),
	);
	const [sleeper] = agents.all as [RunningAgent];
	for (let round = 0; round < ROUNDS; round++) {
		await steer(coordinator, 'other', 'cordon');
		// Something done well: a node that only loses is taken for a bad one after a while.
		const { id: easy } = await anna.post<{ id: string }>('/tasks', { type: 'noop' });
		await feed.task(easy);
		const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
			tasks: Array.from({ length: 4 }, (_, i) => ({
				type: 'noop',
				parameters: { sleepMs: 3_000, echo: `${round}.${i}` },
			})),
		});
		for (const id of ids) await feed.task(id, ['running']);
		sleeper.signal('SIGSTOP');
		await steer(coordinator, 'other', 'uncordon');
		const done = await feed.tasks(ids);
		expect(done.map(({ state }) => state)).toEqual(Array(4).fill('succeeded'));
		// Its children have finished meanwhile: the results lie in its pipes.
		const learned = sleeper.process.nextLine(/lease was lost|settlement was not needed/);
		sleeper.signal('SIGCONT');
		await learned;
		for (const [i, task] of ids.entries()) {
			const { attempts, result } = await anna.get<TaskDetail>(`/tasks/${task}`);
			expect(attempts.map(({ state, node }) => `${state} ${node}`)).toEqual(['lost sleeper', 'succeeded other']);
			expect(result).toEqual({ echo: `${round}.${i}` });
		}
	}
	await agents.stop();
});

test(`P4: ${STALE} stale completions, each said aloud by its node, are refused, and so are their outputs`, async () => {
	using feed = await LiveFeed.open(anna);
	await using honest = await startAgent(coordinator, { name: 'honest', concurrency: 4 });
	await steer(coordinator, 'honest', 'cordon');
	// It holds what it was given and renews nothing.
	using idler = await PlayedAgent.start(coordinator, { concurrency: STALE * 2 });
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: STALE }, () => ({ type: 'noop', parameters: { echo: 'honest' } })),
	});
	await idler.assigned(STALE);
	const held = [...idler.assignments];
	await steer(coordinator, 'honest', 'uncordon');
	await feed.tasks(ids);
	// Its silence has cost it its link.
	expect(await idler.connect()).toMatchObject({ ok: true });
	let refused = 0;
	for (const one of held) {
		const upload = await idler.putOutput(one, 'late.txt', Buffer.from('late'));
		expect([upload.status, JSON.parse(upload.body.toString()).code]).toEqual([409, 'stale-attempt']);
		if ((await idler.settled(success(one, { result: { echo: 'stale' } }))) === 'stale') refused += 1;
	}
	expect(refused).toBe(STALE);
	for (const id of ids) {
		const { attempts, result } = await anna.get<TaskDetail>(`/tasks/${id}`);
		expect(attempts.map(({ state }) => state)).toEqual(['lost', 'succeeded']);
		expect(result).toEqual({ echo: 'honest' });
	}
	await honest.stop();
});
