import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeJpeg, truncated } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { tooWide, violations } from './axe.ts';
import { browserForTests, LOOKS, Portal } from './portal.ts';
import { type Screen, troubleOn, violationsInAllLooks } from './screens.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
const taskIds: Record<string, string> = {};
let fileId: string;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator);
	const { api } = coordinator;
	const jpeg = await makeJpeg(new SeededRandom(11));
	await api.post('/folders', { path: '/empty' });
	const good = await api.upload('/harbour.jpg', jpeg);
	const bad = await api.upload('/broken.jpg', truncated(jpeg));
	fileId = good.file.id;
	await api.upload('/in the trash.txt', 'old');
	await api.json('DELETE', '/content/in%20the%20trash.txt');
	await api.post('/tokens', { name: 'for scripts', scopes: ['files:read'] });
	const idOf = ({ tasks }: typeof good) => tasks.find(({ type }) => type === 'thumbnail')?.id as string;
	taskIds.done = idOf(good);
	taskIds.failed = idOf(bad);
	const submit = async (task: Record<string, unknown>) => (await api.post<{ id: string }>('/tasks', task)).id;
	taskIds.waiting = await submit({ type: 'noop', routingKey: 'nobody.serves-this' });
	taskIds.running = await submit({ type: 'noop', parameters: { sleepMs: 600_000 } });
	const state = async (id: string) => (await api.get<{ state: string }>(`/tasks/${id}`)).state;
	await waitFor(
		'the tasks to be as wanted',
		async () => {
			const states = await Promise.all(['done', 'failed', 'running'].map((name) => state(taskIds[name] as string)));
			return states.join() === 'succeeded,failed,running';
		},
		{ withinMs: 60_000 },
	);
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const SCREENS: Screen[] = [
	{ name: 'files', path: () => '/files', sign: /mimetype, thumbnail.* done/ },
	{ name: 'an empty folder', path: () => '/files/empty', sign: /^(Drop|Upload) files/ },
	{ name: 'a filter that fits nothing', path: () => '/files?q=zzz', sign: 'Nothing here is named' },
	{ name: 'a folder that is not there', path: () => '/files/nowhere', sign: /cannot be shown|(Drop|Upload) files/ },
	{
		name: 'selected files',
		path: () => '/files',
		sign: 'broken.jpg',
		act: async (portal) => {
			await portal.page.getByRole('checkbox', { name: /Select all/ }).check();
			await portal.page.getByText(/\d selected/).waitFor();
		},
	},
	{ name: 'details of a file', path: () => `/files?file=${fileId}`, sign: 'SHA-256' },
	{
		name: 'the dialog for a new folder',
		path: () => '/files',
		sign: 'broken.jpg',
		act: async (portal) => {
			await portal.button('New folder').click();
			await portal.page.getByRole('dialog').getByLabel('Name').waitFor();
		},
	},
	{
		name: 'a row’s menu',
		path: () => '/files',
		sign: 'broken.jpg',
		act: async (portal) => {
			await portal.button('Acts on broken.jpg').click();
			await portal.page.getByRole('menuitem', { name: 'Delete' }).waitFor();
		},
	},
	{
		name: 'the account menu',
		path: () => '/files/empty',
		sign: /^(Drop|Upload) files/,
		act: async (portal) => {
			await portal.button(/Account menu/).click();
			await portal.page.getByText('Dark', { exact: true }).waitFor();
		},
	},
	{
		name: 'the keyboard map',
		path: () => '/files/empty',
		sign: /^(Drop|Upload) files/,
		act: async (portal) => {
			await portal.page.keyboard.press('?');
			await portal.page.getByRole('heading', { name: 'Anywhere' }).waitFor();
		},
	},
	{ name: 'the trash', path: () => '/trash', sign: 'in the trash.txt' },
	{ name: 'tasks', path: () => '/tasks', sign: /^running/ },
	{ name: 'no task that fits', path: () => '/tasks?state=expired', sign: 'No task fits this filter' },
	{ name: 'a waiting task', path: () => `/tasks/${taskIds.waiting}`, sign: 'nobody.serves-this' },
	{ name: 'a running task', path: () => `/tasks/${taskIds.running}`, sign: /^Runs on/ },
	{ name: 'a failed task', path: () => `/tasks/${taskIds.failed}`, sign: /^Failed/ },
	{ name: 'a finished task', path: () => `/tasks/${taskIds.done}`, sign: /^Done after/ },
	{ name: 'a task that is not there', path: () => `/tasks/tsk_${'0'.repeat(26)}`, sign: 'There is no such task' },
	{ name: 'an address that is no task’s', path: () => '/tasks/tsk_nope', sign: 'There is no such task' },
	{ name: 'the account', path: () => '/account', sign: 'for scripts' },
	{
		name: 'the dialog for a new token',
		path: () => '/account',
		sign: 'for scripts',
		act: async (portal) => {
			await portal.button('New token').click();
			await portal.page.getByRole('dialog').getByLabel('Name').waitFor();
		},
	},
	{ name: 'the API reference', path: () => '/api/docs', sign: 'Back to the portal' },
	{ name: 'an address that leads nowhere', path: () => '/nowhere', sign: 'There is no such page' },
];

it('no screen breaks WCAG 2.2 AA, scrolls sideways or breaks its security policy', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	expect(await troubleOn(portal, SCREENS)).toEqual([]);
	expect(portal.faults).toEqual([]);
});

it('neither does signing in, nor its error', async () => {
	const portal = await Portal.open(browser(), coordinator, { signedIn: false });
	const check = async () => expect(await violationsInAllLooks(portal)).toEqual([]);
	await portal.button('Sign in').waitFor();
	await check();
	await portal.page.getByLabel('Name', { exact: true }).fill('nobody');
	await portal.page.getByLabel('Password', { exact: true }).fill('wrong');
	await portal.button('Sign in').click();
	await portal.page.getByText(/is wrong/).waitFor();
	await check();
	await portal.go('/setup');
	await portal.page.getByText('Millrace is set up already').waitFor();
	await check();
	await portal.page.route('**/api/v1/setup', (route) => route.fulfill({ json: { needed: true } }));
	await portal.go('/setup');
	await portal.page.getByLabel('Set-up token').waitFor();
	await check();
});

it('at 400 % zoom nothing scrolls sideways', async () => {
	// 1280 pixels at 400 % are 320.
	const portal = await Portal.open(browser(), coordinator, { width: 320, at: null });
	for (const path of [
		'/files',
		`/files?file=${fileId}`,
		'/tasks',
		`/tasks/${taskIds.failed}`,
		'/account',
		'/trash',
		'/recipes',
		'/schedules',
		'/schedules/new',
		'/jobs',
	]) {
		await portal.go(path);
		await portal.live();
		await portal.page.getByRole('heading').first().waitFor();
		expect([path, await tooWide(portal)]).toEqual([path, 0]);
	}
});

it('what stays on the screen while the coordinator is away can be read', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const paths = ['/files', `/tasks/${taskIds.failed}`, '/account'];
	const found: string[] = [];
	for (const path of paths) {
		await portal.go(path);
		await portal.live();
		await portal.page.getByRole('heading').first().waitFor();
		await coordinator.kill();
		await portal.page.locator('main[data-old]').waitFor();
		for (const look of LOOKS) {
			await portal.look(look);
			for (const violation of await violations(portal)) found.push(`${path}, ${look.colorScheme}: ${violation}`);
		}
		await coordinator.restart();
	}
	expect(found).toEqual([]);
});
