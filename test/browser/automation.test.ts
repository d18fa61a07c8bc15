import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../shared/protocol/job.ts';
import type { RecipeView } from '../../shared/protocol/recipe.ts';
import type { ScheduleView } from '../../shared/protocol/schedule.ts';
import type { TriggerView } from '../../shared/protocol/trigger.ts';
import type { Api } from '../support/api.ts';
import { makeJpeg } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { focused, pick, tabTo, write } from './keys.ts';
import { browserForTests, Portal } from './portal.ts';
import { dialogOf, type Screen, troubleOn, violationsInAllLooks } from './screens.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let api: Api;
let recipe: string;
const ids: Record<'daily' | 'paused' | 'done' | 'failed' | 'running' | 'held', string> = {
	...{ daily: '', paused: '', done: '', failed: '', running: '', held: '' },
};

const jobIs = (id: string, ...states: JobView['state'][]) => {
	let seen: JobView | null = null;
	return waitFor(
		`the job to be ${states.join(' or ')}`,
		async () => {
			seen = await api.get<JobView>(`/jobs/${id}`);
			return states.includes(seen.state);
		},
		{ withinMs: 60_000, lastSeen: () => seen },
	);
};

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator);
	api = coordinator.api;
	const random = new SeededRandom(31);
	for (const name of ['one.jpg', 'two.jpg']) await api.upload(`/photos/${name}`, await makeJpeg(random));
	await api.upload('/notes/list.csv', 'a,b\n1,2\n');
	const recipes = await api.get<{ items: RecipeView[] }>('/recipes');
	recipe = recipes.items[0]?.id as string;
	const start = async (wish: object) => (await api.post<{ id: string }>('/jobs', wish)).id;
	ids.done = await start({ recipe, over: { folder: '/photos' }, title: 'Basics of /photos' });
	// Pictures by their first bytes, and none by the rest: whatever is known of them when the job begins, they fail.
	for (const name of ['one', 'two']) await api.upload(`/scans/${name}.png`, Buffer.from('89504e470d0a1a0a00', 'hex'));
	ids.failed = await start({
		steps: [{ type: 'resize', parameters: { width: 120 } }],
		over: { folder: '/scans' },
		title: 'Small scans',
	});
	ids.running = await start({
		steps: [{ type: 'noop', parameters: { sleepMs: 600_000 } }],
		title: 'A long sleep',
	});
	ids.held = await start({
		steps: [{ type: 'noop', routingKey: 'nobody.serves-this' }],
		title: 'Nobody serves this',
	});
	await api.post(`/jobs/${ids.held}:pause`, {});
	const schedule = async (draft: object) => (await api.post<ScheduleView>('/schedules', { type: 'noop', ...draft })).id;
	ids.daily = await schedule({ name: 'Look at the archive', cron: '30 7 * * *', timeZone: 'Europe/London' });
	ids.paused = await schedule({ name: 'Every now and then', every: 900_000, parameters: { echo: { a: 1 } } });
	await api.post(`/schedules/${ids.daily}:run`, {});
	await api.post(`/schedules/${ids.paused}:pause`, { reason: 'the archive is being moved' });
	await jobIs(ids.done, 'done');
	await waitFor('the run to end', async () => {
		const runs = await api.get<{ items: { job: { state: string } | null }[] }>(`/schedules/${ids.daily}/runs`);
		return runs.items[0]?.job?.state === 'done';
	});
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

describe('by keyboard only', () => {
	it('a trigger is made, starts its recipe with the next file, and is switched off', async () => {
		const portal = await Portal.open(browser(), coordinator);
		const { page } = portal;
		await portal.row('photos').waitFor();
		await page.keyboard.press('g');
		await page.keyboard.press('r');
		await page.getByRole('heading', { name: 'Recipes' }).waitFor();
		await page.getByRole('link', { name: 'Image basics' }).waitFor();

		// A recipe of one’s own: a name, a type, and what the form says of its settings.
		await tabTo(portal, /^New recipe$/);
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'New recipe' }).waitFor();
		await tabTo(portal, /^Name$/);
		await page.keyboard.type('Checksums');
		await tabTo(portal, /^What to do$/);
		await pick(portal, 'Checksums');
		await tabTo(portal, /^Make recipe$/);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Checksums', exact: true }).waitFor();
		await page.getByRole('dialog').waitFor({ state: 'detached' });

		await tabTo(portal, /^New trigger$/);
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name: 'New trigger of Checksums' });
		await dialog.waitFor();
		await tabTo(portal, /^Folder$/);
		await write(portal, '/photos');
		await tabTo(portal, /^Kinds of files$/);
		await write(portal, 'image/*');
		// Counted while it is written: two pictures are there.
		await dialog.getByText(/^2 files, 2 tasks/).waitFor();
		await tabTo(portal, /^Make the trigger$/);
		await page.keyboard.press('Enter');
		await dialog.waitFor({ state: 'detached' });
		const sentence = 'When a file comes or changes in /photos or below';
		await page.getByText(sentence, { exact: true }).waitFor();
		// The focus is where it was, not lost.
		expect(await focused(portal)).toBe('New trigger');

		const before = (await api.get<{ items: object[] }>('/tasks?type=checksum')).items.length;
		await api.upload('/photos/three.jpg', await makeJpeg(new SeededRandom(32)));
		await waitFor(
			'the task of the new file',
			async () => (await api.get<{ items: object[] }>('/tasks?type=checksum')).items.length === before + 1,
		);
		await tabTo(portal, /^What it started/);
		await page.keyboard.press('Enter');
		await page.getByRole('link', { name: 'three.jpg' }).waitFor();

		await page.getByRole('switch', { name: `${sentence}: on` }).focus();
		await page.keyboard.press('Space');
		await page.getByText('Off', { exact: true }).waitFor();
		const made = async () =>
			(await api.get<{ items: TriggerView[] }>('/triggers')).items.find(({ folder }) => folder === '/photos');
		// The switch moves at once, and back when that is refused.
		await waitFor('the trigger to be off', async () => (await made())?.enabled === false);
		expect(await made()).toMatchObject({
			...{ mediaTypes: ['image/*'], events: ['upload', 'update'], recursive: true, includeResults: false },
		});
		expect(portal.faults).toEqual([]);
	});

	it('a schedule is made with its next times told, run, paused and deleted', async () => {
		const portal = await Portal.open(browser(), coordinator);
		const { page } = portal;
		await portal.row('photos').waitFor();
		await page.keyboard.press('g');
		await page.keyboard.press('s');
		await page.getByText('every day at 07:30, Europe/London').waitFor();
		await tabTo(portal, /^New schedule$/);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'New schedule' }).waitFor();
		await tabTo(portal, /^Name$/);
		await page.keyboard.type('Wake up');
		await tabTo(portal, /^How often$/);
		await pick(portal, 'By a cron pattern');
		await tabTo(portal, /^Pattern$/);
		await write(portal, '15 6 * * 1,3');
		await tabTo(portal, /^Time zone$/);
		await write(portal, 'Asia/Kolkata');
		const preview = page.getByRole('status', { name: 'Preview' });
		await preview.getByText('every Monday and Wednesday at 06:15, Asia/Kolkata').waitFor();
		expect(await preview.getByRole('listitem').count()).toBe(3);
		await preview
			.getByText(/06:15$/)
			.first()
			.waitFor();
		// What is no time is told at once, and nothing is made of it.
		await write(portal, 'Asia/Atlantis');
		await preview.getByText(/There is no time zone Asia\/Atlantis/).waitFor();
		await write(portal, 'Asia/Kolkata');
		await preview.getByRole('listitem').first().waitFor();
		await tabTo(portal, /^Make the schedule$/);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Wake up' }).waitFor();

		await tabTo(portal, /^Run now/);
		await page.keyboard.press('Enter');
		await page
			.getByRole('list', { name: /The last outcomes/ })
			.getByText(/: done$/)
			.waitFor();
		await tabTo(portal, /^Pause/);
		await page.keyboard.press('Enter');
		await page.getByText('None while it is paused.').waitFor();
		await tabTo(portal, /^Delete…$/);
		await page.keyboard.press('Enter');
		await tabTo(portal, /^Delete the schedule$/);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: 'Schedules', exact: true }).waitFor();
		await page.getByRole('link', { name: 'Wake up' }).waitFor({ state: 'detached' });
		expect(portal.faults).toEqual([]);
	});
});

it('a recipe that is changed elsewhere shows it at once, and an earlier version of it is brought back', async () => {
	const steps = [{ type: 'md5' }];
	const { id } = await api.post<RecipeView>('/recipes', { name: 'Tiny', steps });
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go(`/recipes/${id}`);
	await page.getByText('as it is now').waitFor();
	await portal.live();
	await api.json('PUT', `/recipes/${id}`, { name: 'Tiny', steps: [...steps, { type: 'mimetype' }] });
	await page.getByText('File type added').waitFor();

	await portal.button('Rename…').click();
	await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Small');
	await portal.button('Save').click();
	await page.getByRole('heading', { name: 'Small', exact: true }).waitFor();
	await page.getByText('Renamed from Tiny to Small').waitFor();
	await portal.button('Bring back version 1').click();
	await page.getByRole('heading', { name: 'Tiny', exact: true }).waitFor();
	await page.getByText('File type taken out').waitFor();
	expect(await api.get<RecipeView>(`/recipes/${id}`)).toMatchObject({
		version: 4,
		name: 'Tiny',
		steps: [{ type: 'md5' }],
	});

	await portal.button('New trigger').click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText('More settings').click();
	await dialog.getByLabel('Service class').selectOption('background');
	await dialog.getByLabel('Routing key').fill('nobody.takes this');
	await dialog.getByLabel('Names that are left alone').fill('draft*\n\n *.bak ');
	await portal.button('Make the trigger').click();
	// What the server does not take is told at its field.
	await dialog.getByText('words of letters').waitFor();
	await dialog.getByLabel('Routing key').fill('normal.photos');
	await portal.button('Make the trigger').click();
	await dialog.waitFor({ state: 'detached' });
	await page.getByText(/class background/).waitFor();
	const { items } = await api.get<{ items: TriggerView[] }>(`/triggers?recipe=${id}`);
	expect(items).toMatchObject([
		{ serviceClass: 'background', routingKey: 'normal.photos', ignore: ['draft*', '*.bak'], folder: '/' },
	]);
	await api.json('DELETE', `/recipes/${id}`);
	await page.getByText('There is no such recipe').waitFor();
	expect(portal.faults).toEqual([]);
});

it('a job’s numbers are those of the lists that they lead to', async () => {
	await jobIs(ids.failed, 'failed');
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go(`/jobs/${ids.failed}`);
	await page.getByText(/tasks? failed/).waitFor();
	await page.getByRole('link', { name: 'Failed' }).click();
	await portal.row('resize').first().waitFor();
	const { tasks } = await api.get<JobView>(`/jobs/${ids.failed}`);
	expect(await portal.row('resize').count()).toBe(tasks.failed);
});

it('a schedule is changed without losing what was not touched', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go(`/schedules/${ids.paused}/edit`);
	await page.getByRole('status', { name: 'Preview' }).getByText('every 15 min').waitFor();
	await page.getByLabel('Every', { exact: true }).fill('20');
	await page.getByRole('status', { name: 'Preview' }).getByText('every 20 min').waitFor();
	await portal.button('Save the schedule').click();
	// The page of the form has the name in its heading as well.
	await page.waitForURL((url) => url.pathname === `/schedules/${ids.paused}`);
	expect(await api.get<ScheduleView>(`/schedules/${ids.paused}`)).toMatchObject({
		...{ every: 1_200_000, parameters: { echo: { a: 1 } }, state: 'paused', reason: 'the archive is being moved' },
	});
});

const RECIPES: Screen[] = [
	{ name: 'recipes', path: () => '/recipes', sign: 'Image basics' },
	{
		name: 'the dialog for a recipe',
		path: () => '/recipes',
		sign: 'Image basics',
		act: dialogOf('New recipe', 'Name'),
	},
	{ name: 'a recipe', path: () => `/recipes/${recipe}`, sign: 'When a file comes or changes anywhere' },
	{
		name: 'what a trigger started',
		path: () => `/recipes/${recipe}`,
		sign: 'When a file comes or changes anywhere',
		act: async (portal) => {
			await portal.button(/^What it started/).click();
			await portal.page.getByRole('link', { name: 'list.csv' }).waitFor();
		},
	},
	{
		name: 'the dialog for a step',
		path: () => `/recipes/${recipe}`,
		sign: 'When a file comes or changes anywhere',
		act: dialogOf('Add a step', 'What to do'),
	},
	{
		name: 'the dialog for a trigger',
		path: () => `/recipes/${recipe}`,
		sign: 'When a file comes or changes anywhere',
		act: async (portal) => {
			await dialogOf('New trigger', 'Folder')(portal);
			await portal.page.getByText('More settings').click();
			await portal.page.getByLabel('Names that are left alone').waitFor();
		},
	},
	{
		name: 'the dialog for another name',
		path: () => `/recipes/${recipe}`,
		sign: 'When a file comes or changes anywhere',
		act: dialogOf('Rename…', 'Name'),
	},
	{
		name: 'the dialog for a run',
		path: () => `/recipes/${recipe}`,
		sign: 'When a file comes or changes anywhere',
		act: dialogOf('Run over a folder…', 'Folder'),
	},
	{
		name: 'the dialog for what is there now',
		path: () => `/recipes/${recipe}`,
		sign: 'When a file comes or changes anywhere',
		act: dialogOf(/^What is there now/, 'Also files that it was started for before'),
	},
	{ name: 'no such recipe', path: () => `/recipes/rcp_${'0'.repeat(26)}`, sign: 'There is no such recipe' },
];

const SCHEDULES: Screen[] = [
	{ name: 'schedules', path: () => '/schedules', sign: 'every day at 07:30, Europe/London' },
	{ name: 'a schedule that has run', path: () => `/schedules/${ids.daily}`, sign: 'Its job' },
	{ name: 'a paused schedule', path: () => `/schedules/${ids.paused}`, sign: 'the archive is being moved' },
	{ name: 'a new schedule', path: () => '/schedules/new', sign: /^Runs / },
	{
		name: 'a schedule on days of the week, of a type that takes files',
		path: () => '/schedules/new?type=checksum',
		sign: /^Runs /,
		act: async (portal) => {
			await portal.page.getByLabel('How often').selectOption('weekly');
			await portal.page.getByLabel('Sunday').waitFor();
			await portal.page.getByLabel('File', { exact: true }).fill('/nowhere.txt');
			await portal.button('Add').click();
			await portal.page.getByText(/There is no file|not-found|There is no folder/).waitFor();
		},
	},
	{ name: 'no such schedule', path: () => '/schedules/sch_nope', sign: 'There is no such schedule' },
];

const JOBS: Screen[] = [
	{ name: 'jobs', path: () => '/jobs', sign: 'A long sleep' },
	{ name: 'no job that fits', path: () => '/jobs?state=cancelled', sign: 'No job fits this filter' },
	{ name: 'a running job', path: () => `/jobs/${ids.running}`, sign: '0 of 1 task over so far.' },
	{ name: 'a paused job', path: () => `/jobs/${ids.held}`, sign: /^Paused with 1 task/ },
	{ name: 'a done job', path: () => `/jobs/${ids.done}`, sign: /^Done: / },
	{ name: 'no such job', path: () => `/jobs/job_${'0'.repeat(26)}`, sign: 'There is no such job' },
];

it.each([
	['recipes', RECIPES],
	['schedules', SCHEDULES],
	['jobs', JOBS],
])('no screen of %s breaks WCAG 2.2 AA, scrolls sideways or breaks its security policy', async (_, screens) => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	expect(await troubleOn(portal, screens)).toEqual([]);
	expect(portal.faults).toEqual([]);
});

it.each(['recipes', 'schedules', 'jobs'])(
	'neither do %s when there are none, or when they cannot be read',
	async (place) => {
		const portal = await Portal.open(browser(), coordinator, { at: null });
		const list = `**/api/v1/${place}?*`;
		await portal.page.route(list, (route) => route.fulfill({ json: { items: [], nextCursor: null } }));
		await portal.go(`/${place}`);
		await portal.page.getByText(`No ${place} yet`).waitFor();
		expect(await violationsInAllLooks(portal)).toEqual([]);
		await portal.page.unroute(list);
		await portal.page.route(list, (route) =>
			route.fulfill({ status: 500, json: { code: 'internal', title: 'Something went wrong', status: 500 } }),
		);
		await portal.go(`/${place}`);
		await portal.button('Try again').waitFor();
		expect(await violationsInAllLooks(portal)).toEqual([]);
		await portal.page.unroute(list);
		await portal.button('Try again').click();
		await portal.page.getByRole('main').getByRole('listitem').first().waitFor();
	},
);
