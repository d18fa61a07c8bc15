import { expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { PlayedAgent, success } from '../support/played-agent.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const ROUNDS = rounds(1, 10);
const STALE = rounds(8, 100);
const SHORT_LEASE = { MILLRACE_LEASE: '2', MILLRACE_LINK_GRACE: '2' };

test('P4: an agent that slept through two leases has lost its work to another; what it says afterwards is stale', async () => {
	await using coordinator = await startCoordinator({ env: SHORT_LEASE });
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	await using sleeper = await startAgent(coordinator, { name: 'sleeper', concurrency: 4 });
	for (let round = 0; round < ROUNDS; round++) {
		const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
			tasks: Array.from({ length: 4 }, (_, i) => ({
				type: 'noop',
				parameters: { sleepMs: 700, echo: `${round}.${i}` },
			})),
		});
		for (const id of ids) await feed.task(id, ['running']);
		sleeper.signal('SIGSTOP');
		await using other = await startAgent(coordinator, { name: `other-${round}`, concurrency: 4 });
		const done = await feed.tasks(ids);
		expect(done.map(({ state }) => state)).toEqual(Array(4).fill('succeeded'));
		// Its children have finished meanwhile: the results lie in its pipes.
		sleeper.signal('SIGCONT');
		await waitFor('the sleeper to be back', async () => {
			const { items } = await coordinator.api.get<{ items: { name: string; state: string }[] }>('/admin/nodes');
			return items.some(({ name, state }) => name === 'sleeper' && state === 'online');
		});
		await other.stop();
		const { id } = await anna.post<{ id: string }>('/tasks', { type: 'noop' });
		await feed.task(id);
		for (const [i, task] of ids.entries()) {
			const { attempts, result } = await anna.get<TaskDetail>(`/tasks/${task}`);
			expect(attempts.map(({ state, node }) => `${state} ${node}`)).toEqual([
				'lost sleeper',
				`succeeded other-${round}`,
			]);
			expect(result).toEqual({ echo: `${round}.${i}` });
		}
	}
	await sleeper.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});

test(`P4: ${STALE} stale completions, each said aloud by its node, are refused, and so are their outputs`, async () => {
	await using coordinator = await startCoordinator({ env: SHORT_LEASE });
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(anna);
	// It holds what it was given and renews nothing.
	using idler = await PlayedAgent.start(coordinator, { concurrency: STALE });
	const { ids } = await anna.post<{ ids: string[] }>('/tasks:batch', {
		tasks: Array.from({ length: STALE }, () => ({ type: 'noop', parameters: { echo: 'honest' } })),
	});
	await idler.assigned(STALE);
	const held = [...idler.assignments];
	await using honest = await startAgent(coordinator, { name: 'honest', concurrency: 4 });
	await feed.tasks(ids);
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
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
