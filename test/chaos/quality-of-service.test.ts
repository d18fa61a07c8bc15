import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskDetail } from '../../shared/protocol/task.ts';
import type { StayInLine, TaskDecisions } from '../../shared/protocol/task-decisions.ts';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { attemptSpans, type Span, sharedWindow, slotTime } from '../support/attempt-spans.ts';
import { IS_LONG, rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { LiveFeed } from '../support/live-feed.ts';
import { lookInto } from '../support/look-into.ts';
import { type RunningAgents, startAgents } from '../support/start-agents.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const AGENTS = rounds(3, 8);
const SLOTS = 2 * AGENTS;
const FLOOD = rounds(1_000, 10_000);
const SHARED = rounds(80, 1_000);
/** How often somebody comes into the flood. */
const ARRIVALS = rounds(3, 25);
/** For what hangs; how long it takes is not the question here. */
const WITHIN_MS = rounds(300_000, 1_800_000);

let coordinator: RunningCoordinator;
let agents: RunningAgents;

beforeAll(async () => {
	coordinator = await startCoordinator({ readyWithinMs: 60_000 });
	agents = await startAgents(
		coordinator,
		Array.from({ length: AGENTS }, () => ({ concurrency: 2, readyWithinMs: 60_000 })),
	);
}, 180_000);
afterAll(async () => {
	await agents?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const submit = async (api: Api, count: number, sleepMs: number, more: object = {}): Promise<string[]> => {
	const tasks = Array.from({ length: count }, () => ({ type: 'noop', parameters: { sleepMs }, ...more }));
	return (await api.post<{ ids: string[] }>('/tasks:batch', { tasks })).ids;
};
/** Lets them come in line together, before anything starts: then nobody has a history. */
const fromAStandingStart = async (submits: () => Promise<unknown>): Promise<void> => {
	await coordinator.api.post('/admin/queues/normal:pause');
	await submits();
	await coordinator.api.post('/admin/queues/normal:resume');
};
const spansOf = (...people: string[]): Span[][] => {
	const spans = attemptSpans(coordinator.data);
	return people.map((name) => spans.filter(({ person }) => person === name));
};
/** Of the slot time in which both had work in line, the part that the first one's tasks got. */
const shareOf = (one: Span[], other: Span[]): { share: number; seconds: number } => {
	const { from, to } = sharedWindow([one, other]);
	const [own, others] = [slotTime(one, from, to), slotTime(other, from, to)];
	return { share: own / (own + others), seconds: (own + others) / 1_000 };
};
/** How a task's stay in line went by the journal, in the order in which the core was told and decided: no clock has a say. */
const stayOf = async (id: string): Promise<StayInLine> => {
	const { stays } = await coordinator.api.get<TaskDecisions>(`/admin/tasks/${id}/decisions`);
	expect(stays).toMatchObject([{ left: 'started', isExact: true }]);
	return stays[0] as StayInLine;
};
const startsOf = (stay: StayInLine, who: string): number =>
	stay.wentFirst.reduce((sum, { person, starts }) => sum + (person === who ? starts : 0), 0);
const say = (line: string) => IS_LONG && console.log(line);
const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
const spread = (numbers: readonly number[]): string => {
	const sorted = [...numbers].sort((a, b) => a - b);
	return `median ${sorted[Math.floor(sorted.length / 2)]}, least ${sorted[0]}, most ${sorted.at(-1)}`;
};

test(
	`P21: ${FLOOD} tasks of one person cost a colleague in a better class one slot’s release, and others not their share`,
	async () => {
		const [ann, bob] = [await coordinator.newUser('ann'), await coordinator.newUser('bob')];
		// By what they have used for their weight hers would be the last class by far: it is its band that lets her go first.
		await coordinator.api.json('PUT', '/admin/service-classes/priority', { band: 7, weight: 0.01 });
		const cleo = await coordinator.newUser('cleo', 'user', 'priority');
		using feed = await LiveFeed.open(bob);
		// His take three times as long: the share is one of time, not of tasks.
		await fromAStandingStart(async () => {
			await submit(ann, FLOOD, 50);
			await submit(bob, SHARED, 150);
			await submit(cleo, SHARED / 2, 50);
		});
		await allOver(bob, WITHIN_MS);

		const arrivals: { urgent: string; normal: string[] }[] = [];
		for (let arrival = 0; arrival < ARRIVALS; arrival++) {
			const [normal, [urgent]] = await Promise.all([submit(bob, 10, 50), submit(cleo, 1, 50)]);
			arrivals.push({ urgent: urgent as string, normal });
			await feed.tasks(normal, WITHIN_MS);
		}
		await allOver(cleo);
		const { items } = await ann.get<{ items: TaskDetail[] }>('/tasks?state=queued&limit=1');
		expect(items, 'the flood still stood in line').toHaveLength(1);

		const urgentBehind: number[] = [];
		const normalBehind: number[] = [];
		for (const { urgent, normal } of arrivals) {
			// A slot-time is over when every slot could have been given out once. All slots are alike to her, so of what is
			// started between her coming in line and her start there is at most one for each slot; and nothing by any rule but
			// that she could not start: with her band the very next release is hers.
			const stay = await stayOf(urgent);
			expect(stay.wentFirst.filter(({ rule }) => rule !== 'could-not-start')).toEqual([]);
			expect(stay.starts).toBeLessThanOrEqual(SLOTS);
			urgentBehind.push(stay.starts);
			// While his ten stand in line the flood gets no more starts than they do, to one for each slot.
			const last = await stayOf(normal.at(-1) as string);
			const floods = startsOf(last, 'ann');
			expect(floods).toBeLessThanOrEqual(normal.length + SLOTS);
			normalBehind.push(floods);
		}
		// The rest of the flood shows nothing more.
		await coordinator.api.post('/admin/tasks:steer', { verb: 'cancel', filter: { owner: (await ann.get('/me')).id } });
		await allOver(ann, WITHIN_MS);
		const [anns = [], bobs = []] = spansOf('ann', 'bob');
		const begun = bobs.filter(({ task }) => !arrivals.some(({ normal }) => normal.includes(task)));
		expect(begun).toHaveLength(SHARED);
		const { share, seconds } = shareOf(begun, anns);
		say(`P21: ${ARRIVALS} tasks of a better class came into the flood: starts before theirs: ${spread(urgentBehind)}`);
		say(`P21: as many lots of ten normal ones: starts of the flood before their last: ${spread(normalBehind)}`);
		say(`P21: share of the other person: ${percent(share)} of ${seconds.toFixed(0)} s of slot time`);
		expect(share).toBeGreaterThan(0.45);
		expect(share).toBeLessThan(0.55);
	},
	WITHIN_MS,
);

test(
	'two classes of one band share slot time by their weights, three to one',
	async () => {
		await coordinator.api.json('PUT', '/admin/service-classes/gold', { weight: 3 });
		await coordinator.api.json('PUT', '/admin/service-classes/silver', { weight: 1 });
		const gold = await coordinator.newUser('gold', 'user', 'gold');
		const silver = await coordinator.newUser('silver', 'user', 'silver');
		await fromAStandingStart(async () => {
			await submit(silver, rounds(60, 1_000), 100);
			await submit(gold, rounds(300, 5_000), 50);
		});
		await allOver(gold, WITHIN_MS);
		await allOver(silver, WITHIN_MS);
		const [golds = [], silvers = []] = spansOf('gold', 'silver');
		const { share, seconds } = shareOf(golds, silvers);
		say(`P21: share of the class of weight 3: ${percent(share)} of ${seconds.toFixed(0)} s of slot time`);
		expect(share).toBeGreaterThan(0.75 * 0.9);
		expect(share).toBeLessThan(0.75 * 1.1);
	},
	WITHIN_MS,
);

test(
	'an idle-only class gets nothing while others wait, and everything after',
	async () => {
		const [idler, worker] = [await coordinator.newUser('idler'), await coordinator.newUser('worker')];
		const background = { serviceClass: 'background' };
		const running = () =>
			lookInto<{ id: string }>(
				coordinator.data,
				`SELECT t.id FROM tasks t JOIN users u ON u.seq = t.owner_seq WHERE u.username = 'idler' AND t.state = 'running'`,
			).length;
		const long = await submit(idler, SLOTS, 600_000, background);
		await waitFor('idle work on every slot', () => running() === SLOTS, { lastSeen: running });
		const brief = await submit(idler, SLOTS, 20, background);
		const work = await submit(worker, rounds(120, 4_000), 50);
		await allOver(worker, WITHIN_MS);
		await waitFor('idle work on every slot again', () => running() === SLOTS, { lastSeen: running });

		const last = await stayOf(work.at(-1) as string);
		expect(startsOf(last, 'idler'), 'idle starts while others wait').toBe(0);
		const [idle = [], others = []] = spansOf('idler', 'worker');
		const lastStart = Math.max(...others.map(({ from }) => from));
		const gaveWay = idle.filter(({ to }) => to < lastStart);
		expect(gaveWay.map(({ state }) => state)).toEqual(Array(SLOTS).fill('returned'));
		const givenBackAt = Math.max(...gaveWay.map(({ to }) => to));
		expect(slotTime(idle, givenBackAt, lastStart), 'idle slot time while others wait').toBe(0);
		const between = others.filter(({ from }) => from > givenBackAt).length;
		say(`P21: ${SLOTS} idle tasks gave way; then ${between} others started, and no idle one before the last of them`);

		for (const id of long) await idler.post(`/tasks/${id}:cancel`);
		await allOver(idler, WITHIN_MS);
		for (const id of brief) expect(await idler.get(`/tasks/${id}`)).toMatchObject({ state: 'succeeded' });
	},
	WITHIN_MS,
);

test('the ledger holds what it must after all that', async () => {
	await agents.stop();
	await coordinator.stop();
	await checkInvariants({ data: coordinator.data });
});
