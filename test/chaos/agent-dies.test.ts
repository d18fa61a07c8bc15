import { expect, test } from 'vitest';
import type { LivePatch } from '../../shared/protocol/live-updates.ts';
import { allOver, countStates } from '../support/all-over.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { startCoordinator } from '../support/start-coordinator.ts';

const KILLS = rounds(2, 100);
const TASKS = rounds(50, 10_000);
/** Come in before each kill. */
const MORE = rounds(100, 200);

/** Milliseconds from the loss of an attempt to the start of the next one of its task. */
const REBIRTHS = `SELECT n.started_at - l.finished_at AS ms FROM attempts l
	JOIN attempts n ON n.task_seq = l.task_seq AND n.number = l.number + 1 WHERE l.state = 'lost' ORDER BY ms`;

const isWorkOf = (patch: LivePatch, node: string): boolean =>
	patch.kind === 'task' && patch.state === 'running' && patch.node === node;

test(`P3: agents killed ${KILLS} times in the middle of work: every task ends well`, async (context) => {
	const random = seededRandom(context);
	await using coordinator = await startCoordinator({ env: { MILLRACE_LEASE: '3', MILLRACE_LINK_GRACE: '0.5' } });
	const names = ['a', 'b', 'c', 'd'];
	const agents = await Promise.all(names.map((name) => startAgent(coordinator, { name, concurrency: 2 })));
	await using _ = {
		[Symbol.asyncDispose]: async () => void (await Promise.all(agents.map((a) => a[Symbol.asyncDispose]()))),
	};
	const anna = await coordinator.newUser('anna');
	using feed = await LiveFeed.open(coordinator.api, ['all-tasks', 'nodes']);
	const history = new History();
	let submitted = 0;
	const submit = async (count: number): Promise<void> => {
		const tasks = Array.from({ length: count }, () => ({
			type: 'noop',
			parameters: { sleepMs: random.between(50, 200) },
		}));
		await history.submit(() => anna.post<{ ids: string[] }>('/tasks:batch', { tasks }));
		submitted += count;
	};
	for (let at = 0; at < TASKS; at += 1_000) await submit(Math.min(1_000, TASKS - at));
	let killed = 0;
	let last: (typeof agents)[number] | null = null;
	for (; killed < KILLS; killed++) {
		const agent = random.pick(agents.filter((one) => one !== last));
		last = agent;
		// There is work to the last kill on a slow machine too.
		await submit(MORE);
		// In the middle of work, and not before it has done some: a node that only loses is taken for a bad one.
		let starts = 0;
		const busy = await feed
			.next(`work for ${agent.name}`, (patch) => isWorkOf(patch, agent.name) && ++starts >= 4, 60_000)
			.catch(() => null);
		if (busy === null) break;
		const gone = feed.next('its node to be offline', (patch) => patch.kind === 'node' && patch.state === 'offline');
		await agent.kill();
		// Some come back at once, knowing nothing; others only when their loss has been noticed.
		if (random.next() < 0.5) await gone;
		else gone.catch(() => {});
		await agent.restart();
	}
	expect(killed, 'there was work to the last kill').toBe(KILLS);
	await allOver(anna, 180_000);
	expect(await countStates(anna)).toEqual({ succeeded: submitted });
	await Promise.all(agents.map((agent) => agent.stop()));
	await coordinator.stop();
	const waits = lookInto<{ ms: number }>(coordinator.data, REBIRTHS).map(({ ms }) => ms);
	expect(waits.length, 'attempts were really lost').toBeGreaterThan(0);
	const p95 = waits[Math.floor(waits.length * 0.95)] ?? 0;
	console.log(
		`P3: ${killed} kills, ${waits.length} attempts lost; begun again after p95 ${p95} ms, most ${waits.at(-1)} ms`,
	);
	expect(waits.at(-1)).toBeLessThan(35_000);
	await checkInvariants({ data: coordinator.data, history });
});
