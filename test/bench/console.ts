import { setTimeout as pause } from 'node:timers/promises';
import { SeededRandom } from '../support/seeded-random.ts';
import { waitFor } from '../support/wait-for.ts';
import { BenchSystem } from './bench-system.ts';
import { type Benchmark, type Figure, percentile } from './figure.ts';
import { PlayedFleet } from './played-fleet.ts';
import { submitNoops } from './submit-noops.ts';
import { WatchedPage } from './watched-page.ts';

const NODES = 200;
const TASKS = 100_000;
const EVENTS_A_SECOND = 10_000;
const FLOOD_SECONDS = 10;
const MIB = 1024 * 1024;
/** Long enough for a picture of the long run; `--scale 12` is two hours. */
const OPEN_MS = 600_000;
const AT_ONE_HERTZ_MS = 60_000;
/** How long each screen is looked at while the page stays open, and what is submitted then. */
const LOOK_MS = 30_000;
const TASKS_A_LOOK = 300;
const SCREENS = [
	'/',
	'/nodes',
	'/queues',
	'/tasks',
	'/quarantine',
	'/classes',
	'/users',
	'/groups',
	'/usage',
	'/audit',
	'/settings',
	'/health',
];

/** Half of the tasks are over, half wait for nobody, and the nodes tell each second how they are. */
const fill = async (system: BenchSystem, count: number): Promise<void> => {
	const pool = system.pool(2);
	await submitNoops(pool, system.authorization, count / 2);
	await system.untilFinished(count / 2);
	await system.api.post('/admin/queues/normal:pause');
	await submitNoops(pool, system.authorization, count / 2);
	await pool.close();
};

/** From an act on a node until it is to be seen, in milliseconds, again and again. */
const eventsToPixels = async (watched: WatchedPage, system: BenchSystem, fleet: PlayedFleet): Promise<number[]> => {
	const found: number[] = [];
	await watched.page.getByText(fleet.agents[0]!.name, { exact: true }).first().waitFor();
	for (const { node, name } of fleet.agents.slice(0, 20)) {
		const shown = watched.page.waitForFunction(
			([wanted]) => {
				const place = [...document.querySelectorAll('main tr, main li')].find((each) =>
					each.textContent?.includes(`${wanted}`),
				);
				return /cordoned/i.test(place?.textContent ?? '');
			},
			[name],
			{ polling: 'raf' },
		);
		const startedAt = performance.now();
		await system.api.post(`/admin/nodes/${node}:cordon`, {});
		await shown;
		found.push(performance.now() - startedAt);
	}
	return found;
};

/** The screen of all nodes, while each tells every second how it is doing. */
const nodesAtOneHertz = async (watched: WatchedPage): Promise<Figure[]> => {
	await watched.go('/nodes');
	await watched.takeLongTasks();
	const [cpuBefore, startedAt] = [await watched.cpu(), performance.now()];
	await pause(AT_ONE_HERTZ_MS);
	const seconds = (performance.now() - startedAt) / 1_000;
	const share = (((await watched.cpu()) - cpuBefore) / seconds) * 100;
	return [
		{ what: 'the page, nodes at 1 Hz', unit: '% of a core', value: share, bar: { most: 25 } },
		longestTask('its longest task', await watched.takeLongTasks()),
	];
};

/** How much the page's heap grows while one screen after the other is looked at, and tasks come, run and end. */
const openUnderLoad = async (watched: WatchedPage, system: BenchSystem, ms: number): Promise<Figure[]> => {
	await system.api.post('/admin/queues/normal:resume');
	// Once round first: what a screen keeps when it was looked at once is no leak.
	for (const screen of SCREENS) await watched.go(screen);
	await watched.go('/nodes');
	const [before, endsAt] = [await watched.heap(), performance.now() + ms];
	const pool = system.pool(2);
	for (let look = 0; performance.now() < endsAt; look += 1) {
		await submitNoops(pool, system.authorization, TASKS_A_LOOK);
		await watched.go(SCREENS[look % SCREENS.length] as string);
		await pause(Math.min(LOOK_MS, Math.max(0, endsAt - performance.now())));
	}
	await pool.close();
	await watched.go('/nodes');
	const grown = ((await watched.heap()) - before) / MIB;
	const what = `its heap grew under load in ${Math.round(ms / 60_000)} min by`;
	return [{ what, unit: 'MiB', value: grown, bar: { most: 30 } }];
};

const longestTask = (what: string, tasks: readonly number[]): Figure => ({
	...{ what, unit: 'ms', value: Math.max(0, ...tasks), bar: { most: 100 } },
});

/** What the console costs and how it feels over a large installation. */
export const consoleScreens: Benchmark = {
	name: 'console',
	title: `the console over ${NODES} nodes and ${TASKS.toLocaleString('en')} tasks`,
	async run({ scale }) {
		const random = new SeededRandom(1);
		await using system = await BenchSystem.start();
		const { coordinator } = system;
		await system.addAgent({ concurrency: 4, queues: ['normal'] });
		await fill(system, TASKS);
		using fleet = await PlayedFleet.start(coordinator, NODES, random, 'fleet');
		fleet.tellMetrics();
		await using watched = await WatchedPage.open(coordinator);
		const figures: Figure[] = [
			{ what: 'loading the console', unit: 'ms', value: await watched.load(`${coordinator.url}/console/#/`) },
		];
		await watched.page.locator('[data-state="live"]').waitFor();
		const times: number[] = [];
		for (const screen of SCREENS) {
			const ms = await watched.go(screen);
			times.push(ms);
			figures.push({ what: `screen ${screen}`, unit: 'ms', value: ms, bar: { most: 1_000 } });
		}
		figures.push({ what: 'the slowest screen', unit: 'ms', value: Math.max(...times), bar: { most: 1_000 } });
		await watched.go('/nodes?look=table');
		const pixels = await eventsToPixels(watched, system, fleet);
		figures.push({ what: 'event to pixel, p95', unit: 'ms', value: percentile(pixels, 0.95), bar: { most: 1_000 } });
		figures.push(...(await nodesAtOneHertz(watched)), ...(await openUnderLoad(watched, system, OPEN_MS * scale)));
		await watched.go('/tasks');
		await watched.takeLongTasks();
		const pool = system.pool(2);
		const flooded = performance.now();
		await submitNoops(pool, system.authorization, EVENTS_A_SECOND * FLOOD_SECONDS);
		const floodSeconds = (performance.now() - flooded) / 1_000;
		await pool.close();
		// A page that is blocked would not answer this.
		await waitFor('the page to answer', async () => (await watched.go('/queues')) < 60_000);
		figures.push(
			{ what: 'events of tasks in a flood', unit: '/s', value: (EVENTS_A_SECOND * FLOOD_SECONDS) / floodSeconds },
			longestTask('the longest task of the page meanwhile', await watched.takeLongTasks()),
		);
		if (fleet.cut > 0) throw new Error(`${fleet.cut} agents were cut off`);
		return figures;
	},
};
