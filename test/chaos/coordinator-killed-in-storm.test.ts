import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { rounds } from '../support/chaos-length.ts';
import { checkInvariants } from '../support/check-invariants.ts';
import { History } from '../support/history.ts';
import { lookInto } from '../support/look-into.ts';
import { type SeededRandom, seededRandom } from '../support/seeded-random.ts';
import { startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const KILLS = rounds(2, 50);
/** Largest batch that a client submits. */
const BATCH = rounds(20, 60);
const CLIENTS = 12;

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
		const tasks = Array.from({ length: count }, () => ({ type: 'noop', parameters: { echo: key } }));
		const headers = { 'idempotency-key': key };
		await this.#untilAnswered(() =>
			count === 1
				? this.history.submit(() => this.#api.post<{ id: string }>('/tasks', tasks[0], headers), key)
				: this.history.submit(() => this.#api.post<{ ids: string[] }>('/tasks:batch', { tasks }, headers), key),
		);
		this.submitted += count;
	}

	async #upload(): Promise<void> {
		const path = `/storm/${randomUUID()}.bin`;
		const content = this.#random.bytes(this.#random.between(0, 20_000));
		// A repeat may become a second version; only what was acknowledged is held against the ledger.
		await this.#untilAnswered(() => this.history.upload(() => this.#api.upload(path, content)));
	}

	async #untilAnswered(act: () => Promise<unknown>): Promise<void> {
		while ((await act()) === null) {
			const last = this.history.entries.at(-1);
			if (last?.outcome === 'refused' && !/ 50\d /.test(last.detail ?? '')) throw new Error(last.detail);
			await waitFor('the coordinator to answer', async () => (await this.#api.raw('GET', '/readyz')).status === 200, {
				withinMs: 30_000,
			});
		}
	}
}

const untilAcknowledged = (storm: Storm, count: number) =>
	waitFor(`${count} acknowledgements`, () => storm.acknowledged >= count, {
		withinMs: 60_000,
		lastSeen: () => storm.acknowledged,
	});

const killInStorm = async (coordinator: RunningCoordinator, storm: Storm, random: SeededRandom): Promise<number[]> => {
	const readyMs: number[] = [];
	for (let kill = 0; kill < KILLS; kill++) {
		await untilAcknowledged(storm, storm.acknowledged + random.between(5, rounds(40, 80)));
		await coordinator.kill();
		readyMs.push(await coordinator.restart());
	}
	await untilAcknowledged(storm, storm.acknowledged + 20);
	return readyMs;
};

test(`P1: ${KILLS} kills of the coordinator in a storm lose nothing that was acknowledged`, async (context) => {
	const random = seededRandom(context);
	await using coordinator = await startCoordinator();
	await using agent = await startAgent(coordinator, { concurrency: 4 });
	const anna = await coordinator.newUser('anna');
	const storm = new Storm(anna, random);
	const clients = Array.from({ length: CLIENTS }, () => storm.client());
	const readyMs = await killInStorm(coordinator, storm, random).finally(() => {
		storm.isOver = true;
	});
	await Promise.all(clients);
	await allOver(anna, 120_000);
	await agent.stop();
	await coordinator.stop();
	const { history } = storm;
	const slowest = Math.round(Math.max(...readyMs));
	console.log(
		`P1: ${history.acknowledgedTasks.length} tasks and ${history.acknowledgedFiles.length} files acknowledged, ` +
			`${history.count('unknown')} requests cut; slowest start ${slowest} ms`,
	);
	await checkInvariants({ data: coordinator.data, history });
	const [noops] = lookInto<{ n: number }>(
		coordinator.data,
		`SELECT count(*) AS n FROM tasks t JOIN task_types y ON y.seq = t.type_seq WHERE y.name = 'noop'`,
	);
	expect(noops?.n, 'each request has its effect once').toBe(storm.submitted);
	expect(lookInto(coordinator.data, `SELECT DISTINCT state FROM tasks`)).toEqual([{ state: 'succeeded' }]);
});
