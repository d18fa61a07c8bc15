import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ManifestInput } from '../../shared/protocol/task-type.ts';
import type { PlacementView } from '../../shared/protocol/waiting.ts';
import type { Api } from '../support/api.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, latencyFigures, percentile } from './figure.ts';
import { PlayedFleet } from './played-fleet.ts';

const NODES = 200;
const SLOTS = 4;
const PEOPLE = 20;
const QUEUED = 1_000_000;
/** As many as one request may bring. */
const MOST_IN_BATCH = 10_000;
const BAR_MS = 200;
const HOUR_MS = 3_600_000;
const PLACES = ['front', 'middle', 'end'] as const;

const typeOf = (name: string, needs: ManifestInput['needs']): ManifestInput => ({
	name,
	title: name,
	inputs: { mediaTypes: [], min: 0, max: 0 },
	needs,
	routingKey: `normal.${name}`,
	// What the fleet holds it holds until all are queued and asked about.
	limits: { softMs: HOUR_MS, hardMs: 2 * HOUR_MS },
	command: ['true'],
});

/** What stands in line, each for a reason of its own. */
const LANES: { rule: string; task: { type: string; routingKey?: string } }[] = [
	{ rule: 'slots-busy', task: { type: 'plain' } },
	{ rule: 'hardware-busy', task: { type: 'on-gpu' } },
	{ rule: 'no-node-meets-needs', task: { type: 'too-large' } },
	{ rule: 'queue-paused', task: { type: 'plain', routingKey: 'resting.plain' } },
	{ rule: 'no-queue', task: { type: 'plain', routingKey: 'astray.plain' } },
];

const prepare = async (api: Api): Promise<void> => {
	await api.post('/admin/task-types', typeOf('plain', {}));
	await api.post('/admin/task-types', typeOf('on-gpu', { hardware: { gpu: 1 } }));
	await api.post('/admin/task-types', typeOf('too-large', { memoryBytes: 2 ** 50 }));
	await api.post('/admin/queues', { name: 'resting', bindingKeys: ['resting.#'] });
	await api.post('/admin/queues/resting:pause');
};

type Asked = { rule: string; place: (typeof PLACES)[number]; id: string };

/** Each of these people puts as many into each lane; answers whom to ask about: the first, the one in the middle, the last. */
const fill = async (people: readonly Api[], count: number): Promise<Asked[]> => {
	const asked: Asked[] = [];
	const each = Math.ceil(count / people.length / LANES.length);
	for (const { rule, task } of LANES) {
		for (const person of people) {
			const ids: string[] = [];
			while (ids.length < each) {
				const tasks = Array.from({ length: Math.min(MOST_IN_BATCH, each - ids.length) }, () => task);
				ids.push(...(await person.post<{ ids: string[] }>('/tasks:batch', { tasks })).ids);
			}
			for (const [i, place] of PLACES.entries()) asked.push({ rule, place, id: ids[(i * (each - 1)) >> 1]! });
		}
	}
	return asked;
};

/** Asks how it is, one time after the other, until it is told to stop: how long others wait meanwhile. */
const lookOn = async (api: Api, until: AbortSignal): Promise<number[]> => {
	const times: number[] = [];
	while (!until.aborted) {
		const startedAt = performance.now();
		const { status } = await api.raw('GET', '/healthz');
		if (status !== 200) throw new Error(`GET /healthz: ${status}`);
		times.push(performance.now() - startedAt);
		await nextTurn();
	}
	return times;
};

/** Why a task does not run, as the console's screen of a task asks it, while a million stand in line. */
export const whyNot: Benchmark = {
	name: 'why-not',
	title: `why not, with ${QUEUED.toLocaleString('en')} queued and ${NODES} nodes`,
	async run({ scale }): Promise<Figure[]> {
		await using system = await BenchSystem.start();
		const { coordinator, api } = system;
		await prepare(api);
		const people = [api];
		while (people.length < PEOPLE) people.push(await coordinator.newUser(`person-${people.length}`));
		using fleet = await PlayedFleet.start(coordinator, NODES, new SeededRandom(1), {
			concurrency: SLOTS,
			capabilities: {
				...{ cores: 8, memoryBytes: 2 ** 34, labels: {}, sandbox: 'strong', platform: '', agentVersion: '' },
				...{ hardware: { gpu: 1 }, taskTypes: ['plain', 'on-gpu', 'too-large'] },
			},
		});
		fleet.tellMetrics();
		// What takes the devices comes first, then more than the slots that are left.
		const have = (least: number) => () =>
			fleet.agents.every(({ assignments, isConnected }) => !isConnected || assignments.length >= least);
		await api.post('/tasks:batch', { tasks: Array.from({ length: NODES }, () => ({ type: 'on-gpu' })) });
		await waitFor('all devices to be taken', have(1));
		await api.post('/tasks:batch', { tasks: Array.from({ length: NODES * SLOTS }, () => ({ type: 'plain' })) });
		await waitFor('all slots to be taken', have(SLOTS));
		const filledAt = performance.now();
		const asked = await fill(people, QUEUED * scale);
		const fillSeconds = (performance.now() - filledAt) / 1_000;
		const times = new Map<string, number[]>();
		const note = (what: string, ms: number) => times.set(what, [...(times.get(what) ?? []), ms]);
		const done = new AbortController();
		const others = lookOn(api, done.signal);
		// What goes wrong with the questions is what is told.
		others.catch(() => {});
		for (const { rule, place, id } of asked) {
			for (const path of [`/tasks/${id}`, `/tasks/${id}/placement`]) {
				const startedAt = performance.now();
				const { waiting } = await api.get<Pick<PlacementView, 'waiting'>>(path);
				const ms = performance.now() - startedAt;
				if (waiting?.rule !== rule) throw new Error(`${path}: ${JSON.stringify(waiting)} where ${rule} was expected`);
				for (const what of ['why not', place, rule]) note(what, ms);
			}
		}
		done.abort();
		const elsewhere = await others;
		return [
			...latencyFigures(`why not, ${asked.length * 2} times`, times.get('why not')!),
			...[...PLACES, ...LANES.map(({ rule }) => rule)].map((what): Figure => {
				return { what: `the worst: ${what}`, unit: 'ms', value: Math.max(...times.get(what)!), bar: { most: BAR_MS } };
			}),
			{ what: `/healthz meanwhile, p99 of ${elsewhere.length}`, unit: 'ms', value: percentile(elsewhere, 0.99) },
			{ what: 'the worst of that', unit: 'ms', value: Math.max(...elsewhere) },
			{ what: 'nodes that lost their link meanwhile', unit: '', value: fleet.cut },
			{ what: 'submits until all are queued', unit: '/s', value: (QUEUED * scale) / fillSeconds },
			{ what: 'coordinator’s memory, highest', unit: 'MB', value: system.memory('highest') / 1e6 },
		];
	},
};
