import { expect, test } from 'vitest';
import { allOver, countStates } from '../support/all-over.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

const TURNS = rounds(1, 10);
const TASKS = rounds(50, 6_000);
/** Come in before each drain, so that something runs at each on a slow machine too. */
const MORE = rounds(80, 200);

test('P9: four agents that are drained in turn lose nothing, and nobody is charged for it', async (context) => {
	const random = seededRandom(context);
	await using coordinator = await startCoordinator();
	const anna = await coordinator.newUser('anna');
	const agents = await Promise.all(
		['a', 'b', 'c', 'd'].map((name) => startAgent(coordinator, { name, concurrency: 2 })),
	);
	await using _ = {
		async [Symbol.asyncDispose]() {
			for (const agent of agents) await agent[Symbol.asyncDispose]();
		},
	};
	using feed = await LiveFeed.open(anna);
	let submitted = 0;
	const submit = async (count: number): Promise<void> => {
		const tasks = Array.from({ length: count }, () => ({
			type: 'noop',
			parameters: { sleepMs: random.between(50, 200) },
		}));
		await anna.post('/tasks:batch', { tasks });
		submitted += count;
	};
	for (let at = 0; at < TASKS; at += 1_000) await submit(Math.min(1_000, TASKS - at));
	let stopped = 0;
	for (let turn = 0; turn < TURNS; turn++) {
		for (const agent of agents) {
			await submit(MORE);
			await feed.next('work to go on', (patch) => patch.kind === 'task' && patch.state === 'running');
			// A second signal gives back what runs instead of finishing it: that is free as well.
			const secondAtOnce = stopped % 2 === 1;
			agent.signal('SIGTERM');
			if (secondAtOnce) await agent.process.nextLine(/draining/).then(() => agent.signal('SIGTERM'));
			expect(await agent.process.exited).toEqual({ code: 0, signal: null });
			stopped += 1;
			await agent.restart();
		}
	}
	await allOver(anna, 180_000);
	expect(stopped).toBe(4 * TURNS);
	expect(await countStates(anna)).toEqual({ succeeded: submitted });
	expect(lookInto(coordinator.data, 'SELECT sum(failures) AS failures, sum(losses) AS losses FROM tasks')).toEqual([
		{ failures: 0, losses: 0 },
	]);
	const unpaid = `SELECT a.state FROM attempts a JOIN usage_records u ON u.task_seq = a.task_seq AND u.attempt = a.number
		WHERE a.state NOT IN ('succeeded', 'returned') OR u.charged <> (a.state = 'succeeded')`;
	expect(lookInto(coordinator.data, unpaid)).toEqual([]);
	const [given] = lookInto<{ n: number }>(
		coordinator.data,
		`SELECT count(*) AS n FROM attempts WHERE state = 'returned'`,
	);
	console.log(`P9: ${stopped} drains, ${given?.n} attempts given back`);
	expect(given?.n, 'some were really given back').toBeGreaterThan(0);
	await Promise.all(agents.map((agent) => agent.stop()));
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
