import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { accountViolations } from '../support/check-accounts.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { lookInto } from '../support/look-into.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { untilAnswered } from '../support/until-answered.ts';
import { waitFor } from '../support/wait-for.ts';

const KILLS = rounds(2, 100);
/** Largest batch that a client submits. */
const BATCH = rounds(20, 60);
const CLIENTS = 12;
/** Of amounts that come out even nothing could be lost by cutting them. */
const PRICES = {
	prices: { attempt: 7, cpuSecond: 1_234_567, wallSecond: 89, memoryGibHour: 4_321, gibIn: 1_000_003, request: 1 },
	classFactors: { standard: '1.3333' },
};

/** Clients that submit and upload until told to stop; what gets no answer is said again, as honest clients do. */
class Storm {
	readonly history = new History();
	/** Tasks that must exist in the end: one for each task of each request, however often it was said. */
	submitted = 0;
	isOver = false;
	readonly #api: Api;
	readonly #random: SeededRandom;

	constructor(api: Api, random: SeededRandom) {
		this.#api = api;
		this.#random = random;
	}

	get acknowledged(): number {
		return this.history.count('acknowledged');
	}

	async client(): Promise<void> {
		while (!this.isOver) {
			const kind = this.#random.next();
			if (kind < 0.15) await this.#upload();
			else await this.#submit(kind < 0.4 ? this.#random.between(2, BATCH) : 1);
		}
	}

	async #submit(count: number): Promise<void> {
		const key = randomUUID();
		// Some take long enough to be under way when it is killed.
		const sleep = count === 1 && this.#random.next() < 0.1 ? { sleepMs: this.#random.between(1, 300) } : {};
		const tasks = Array.from({ length: count }, () => ({ type: 'noop', parameters: { ...sleep, echo: key } }));
		const headers = { 'idempotency-key': key };
		const [path, body] = count === 1 ? ['/tasks', tasks[0]] : ['/tasks:batch', { tasks }];
		await untilAnswered(this.#api, this.history, () =>
			this.history.submit(() => this.#api.post<{ id: string } | { ids: string[] }>(path, body, headers), key),
		);
		this.submitted += count;
	}

	async #upload(): Promise<void> {
		const path = `/storm/${randomUUID()}.bin`;
		const content = this.#random.bytes(this.#random.between(0, 20_000));
		// A repeat may become a second version; only what was acknowledged is held against the ledger.
		await untilAnswered(this.#api, this.history, () => this.history.upload(() => this.#api.upload(path, content)));
	}
}

const untilAcknowledged = (storm: Storm, count: number) =>
	waitFor(`${count} acknowledgements`, () => storm.acknowledged >= count, {
		withinMs: 60_000,
		lastSeen: () => storm.acknowledged,
	});

/** Kills the coordinator, the agent or both, at random; the first two times the coordinator alone, and both. */
const killInStorm = async (stage: {
	coordinator: RunningCoordinator;
	agent: RunningAgent;
	storm: Storm;
	random: SeededRandom;
}): Promise<number[]> => {
	const { coordinator, agent, storm, random } = stage;
	const readyMs: number[] = [];
	for (let kill = 0; kill < KILLS; kill++) {
		await untilAcknowledged(storm, storm.acknowledged + random.between(5, rounds(40, 80)));
		const dice = kill < 2 ? kill * 0.9 : random.next();
		const victims = [...(dice < 0.5 || dice >= 0.75 ? [coordinator] : []), ...(dice >= 0.5 ? [agent] : [])];
		await Promise.all(victims.map((victim) => victim.kill()));
		// The agent after the coordinator: what waits for its node is known by then.
		if (victims.includes(coordinator)) readyMs.push(await coordinator.restart());
		if (victims.includes(agent)) await agent.restart();
	}
	await untilAcknowledged(storm, storm.acknowledged + 20);
	return readyMs;
};

/** What three kills happened to hit is set aside as if it killed workers: somebody looks at it, and lets it go on. */
const letUnluckyGoOn = async (api: Api): Promise<number> => {
	const { items } = await api.get<{ items: { id: string; error: { code: string } }[] }>('/tasks?state=quarantined');
	expect(items.filter(({ error }) => error.code !== 'worker-lost')).toEqual([]);
	for (const { id } of items) await api.post(`/tasks/${id}:retry`);
	return items.length;
};

test(`P1: ${KILLS} kills of coordinator and agent in a storm lose nothing that was acknowledged, and all is accounted for`, async (context) => {
	const random = seededRandom(context);
	await using coordinator = await startCoordinator();
	await using agent = await startAgent(coordinator, { concurrency: 4 });
	await coordinator.api.post('/admin/price-book', PRICES);
	const anna = await coordinator.newUser('anna');
	const storm = new Storm(anna, random);
	const clients = Array.from({ length: CLIENTS }, () => storm.client());
	const readyMs = await killInStorm({ coordinator, agent, storm, random }).finally(() => {
		storm.isOver = true;
	});
	await Promise.all(clients);
	// After a hundred kills a hundred thousand tasks may be left.
	await allOver(anna, rounds(120_000, 1_800_000));
	const unlucky = await letUnluckyGoOn(anna);
	await allOver(anna);
	await agent.stop();
	await coordinator.stop();
	const { history } = storm;
	const slowest = Math.round(Math.max(...readyMs));
	console.log(
		`P1: ${history.acknowledgedTasks.length} tasks and ${history.acknowledgedFiles.length} files acknowledged, ` +
			`${history.count('unknown')} requests cut, ${unlucky} tasks hit three times; slowest start ${slowest} ms`,
	);
	await checkInvariants({ data: coordinator.data, history });
	expect(await accountViolations(coordinator.data)).toEqual([]);
	const [noops] = lookInto<{ n: number }>(
		coordinator.data,
		`SELECT count(*) AS n FROM tasks t JOIN task_types y ON y.seq = t.type_seq WHERE y.name = 'noop'`,
	);
	expect(noops?.n, 'each request has its effect once').toBe(storm.submitted);
	expect(lookInto(coordinator.data, `SELECT DISTINCT state FROM tasks`)).toEqual([{ state: 'succeeded' }]);
});
