import { PlayedFleet } from '../bench/played-fleet.ts';
import type { Api } from '../support/api.ts';
import { makeJpeg } from '../support/make-images.ts';
import { busyChildOf } from '../support/processes.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';

const FLEET = 22;
const PICTURES = 16;
const LICENCE = { name: 'CC BY 4.0', text: 'Share it and say whose it is.' };

interface Task {
	id: string;
	state: string;
	attempts: { state: string }[];
}

const detail = (api: Api, id: string): Promise<Task> => api.get<Task>(`/tasks/${id}`);

const untilState = (api: Api, id: string, state: string): Promise<unknown> =>
	waitFor(`a task to be ${state}`, async () => (await detail(api, id)).state === state, { withinMs: 120_000 });

/** An installation in which something of everything goes on: for looking at. */
export class LivelyMill implements AsyncDisposable {
	readonly coordinator: RunningCoordinator;
	/** Who has something of everything in the portal. */
	readonly person = 'anna';
	/** Ids of what screens of one thing show. */
	readonly ids: Record<string, string> = {};
	readonly #agents: RunningAgent[] = [];
	#fleet: PlayedFleet | null = null;

	private constructor(coordinator: RunningCoordinator) {
		this.coordinator = coordinator;
	}

	static async start(): Promise<LivelyMill> {
		const mill = new LivelyMill(await startCoordinator());
		try {
			await mill.#settle();
			await mill.#work();
			return mill;
		} catch (error) {
			await mill[Symbol.asyncDispose]();
			throw error;
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#fleet?.[Symbol.dispose]();
		for (const agent of this.#agents) await agent[Symbol.asyncDispose]();
		await this.coordinator[Symbol.asyncDispose]();
	}

	/** Queues, classes, groups, prices, budgets and machines. */
	async #settle(): Promise<void> {
		const { api } = this.coordinator;
		await api.post('/admin/queues', { name: 'imaging', bindingKeys: ['imaging.#'] });
		await api.post('/admin/queues', { name: 'gpu', bindingKeys: ['gpu.*'] });
		await api.json('PUT', '/admin/service-classes/lab', { band: 5, weight: 3 });
		await api.json('PUT', '/admin/service-classes/teaching', {
			band: 5,
			weight: 1,
			quotas: { storedBytes: 500_000_000 },
		});
		await api.post('/admin/price-book', {
			prices: { attempt: 7, cpuSecond: 12_000, wallSecond: 900, memoryGibHour: 4_000, gibIn: 20_000, request: 1 },
			classFactors: { lab: '1.5' },
		});
		const random = new SeededRandom(7);
		this.#fleet = await PlayedFleet.start(this.coordinator, FLEET, random, { queues: ['gpu'] });
		this.#fleet.tellMetrics();
		for (const name of ['mill-east', 'mill-west']) {
			const queues = ['normal', 'imaging'];
			this.#agents.push(await startAgent(this.coordinator, { name, queues, concurrency: 4, labels: ['room=cellar'] }));
		}
		this.ids.node = await this.#nodeCalled('mill-east');
		await api.post(`/admin/nodes/${this.#fleet.agents[3]?.node}:cordon`, { reason: 'a new disk on Thursday' });
	}

	async #nodeCalled(name: string): Promise<string> {
		const { items } = await this.coordinator.api.get<{ items: { id: string; name: string }[] }>('/admin/nodes');
		return items.find((node) => node.name === name)?.id ?? '';
	}

	/** People and what they do: some of it is over, some fails, some waits, some is poison. */
	async #work(): Promise<void> {
		const { api } = this.coordinator;
		const [anna, bo, carla] = [
			await this.coordinator.newUser(this.person, 'user', 'lab'),
			await this.coordinator.newUser('bo', 'user', 'teaching'),
			await this.coordinator.newUser('carla', 'operator'),
		];
		this.ids.person = (await anna.get<{ id: string }>('/me')).id;
		await api.post('/admin/budgets', { owner: { person: this.ids.person }, amountMicro: 400_000_000 });
		const group = await api.post<{ id: string }>('/admin/groups', { name: 'Harbour survey', serviceClass: 'lab' });
		this.ids.group = group.id;
		await api.json('PUT', `/admin/groups/${group.id}/members/${this.ids.person}`);
		const random = new SeededRandom(11);
		for (let i = 0; i < PICTURES; i += 1) {
			await (i % 3 === 0 ? bo : anna).upload(`/harbour/${String(i).padStart(2, '0')}.jpg`, await makeJpeg(random));
		}
		const cut = await anna.upload('/harbour/cut.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
		this.ids.file = cut.file.id;
		await anna.upload('/old notes.txt', 'seen from the pier');
		await anna.json('DELETE', '/content/old%20notes.txt');
		const submit = async (who: Api, task: Record<string, unknown>) =>
			(await who.post<{ id: string }>('/tasks', task)).id;
		this.ids.poison = await submit(bo, { type: 'noop', parameters: { cpuMs: 20_000 } });
		await this.#poison(bo, this.ids.poison);
		await anna.post('/tasks:batch', { tasks: Array(120).fill({ type: 'noop', parameters: { cpuMs: 40 } }) });
		for (let i = 0; i < 5; i += 1) await submit(anna, { type: 'noop', parameters: { sleepMs: 900_000 } });
		await bo.post('/tasks:batch', { tasks: Array(14).fill({ type: 'noop', routingKey: 'nobody.serves-this' }) });
		this.ids.done = await submit(carla, { type: 'noop' });
		await untilState(carla, this.ids.done, 'succeeded');
		const steps = [{ type: 'noop' }];
		this.ids.recipe = (await anna.post<{ id: string }>('/recipes', { name: 'Nightly contact sheet', steps })).id;
		const schedule = { name: 'Look at the archive', type: 'noop', cron: '30 7 * * *', timeZone: 'Europe/London' };
		this.ids.schedule = (await anna.post<{ id: string }>('/schedules', schedule)).id;
		const thumbnails = { steps: [{ type: 'thumbnail' }], over: { folder: '/harbour' }, title: 'Thumbnails again' };
		this.ids.job = (await anna.post<{ id: string }>('/jobs', thumbnails)).id;
		await anna.post('/tokens', { name: 'laptop scripts', scopes: ['files:read'] });
		await anna.post('/webhooks', { name: 'Lab notebook', url: 'https://hooks.example/millrace' });
		const about = { name: 'harbour', title: 'The harbour', description: 'Every crane of it.', licence: LICENCE };
		await anna.post('/datasets', { ...about, from: { folder: '/harbour' } });
		await api.post('/admin/queues/imaging:pause', { reason: 'the scanner is being cleaned' });
		this.ids.waiting = await submit(anna, { type: 'noop', routingKey: 'imaging.scan' });
	}

	/** Kills the task's process until the task is put aside. Nothing else runs yet, so that the busy one is its own. */
	async #poison(who: Api, id: string): Promise<void> {
		while ((await detail(who, id)).state !== 'quarantined') {
			await untilState(who, id, 'running');
			const lost = (await detail(who, id)).attempts.length;
			const pids = await Promise.any(this.#agents.map(({ pid }) => busyChildOf(pid)));
			process.kill(pids, 'SIGKILL');
			await waitFor('the loss', async () => {
				const { attempts, state } = await detail(who, id);
				return state === 'quarantined' || attempts.filter((one) => one.state === 'lost').length >= lost;
			});
		}
	}
}
