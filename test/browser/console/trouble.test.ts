import { afterAll, beforeAll, expect, it } from 'vitest';
import { consoleScreens } from '../../screenshots/console-screens.ts';
import { copyTask } from '../../support/copy-task.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { browserForTests } from '../portal.ts';
import { consolePath, openConsole } from './console.ts';

const MILLION = 1_000_000;
/** Of what nobody but operators may hear. */
const SECRET = 'the-hidden-harbour';
const GROUPS = /\/api\/v1\/admin\/groups(\?|$)/;

const browser = browserForTests();
let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
	await coordinator.api.post('/admin/groups', { name: SECRET });
	await coordinator.api.post('/admin/queues', { name: SECRET, bindingKeys: [`${SECRET}.#`] });
	await coordinator.newUser(SECRET);
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

it('tells who has no right to it nothing: on no screen, in no answer, over no socket', async () => {
	const password = 'a password of some length';
	await coordinator.api.post('/admin/users', { username: 'bo', password, role: 'user' });
	const bo = await openConsole(browser(), coordinator, { signedIn: false });
	const { page } = bo;
	const heard: (string | Promise<string>)[] = [];
	const granted: string[] = [];
	page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
	page.on('response', (answer) => {
		if (answer.url().includes('/api/v1/admin/') && answer.ok()) granted.push(answer.url());
	});
	// A body that still comes would be waited for without an end.
	page.on('requestfinished', (request) => {
		if (!request.url().includes('/api/')) return;
		heard.push(
			request.response().then(
				async (answer) => (await answer?.text()) ?? '',
				() => '',
			),
		);
	});
	await page.getByLabel('Name', { exact: true }).fill('bo');
	await page.getByLabel('Password', { exact: true }).fill(password);
	await bo.button('Sign in').click();
	for (const [, screen] of consoleScreens({})) {
		await bo.go(consolePath(screen));
		await page.getByRole('heading', { name: /^403/ }).waitFor();
	}
	await page.reload();
	await page.getByRole('heading', { name: /^403/ }).waitFor();
	// Asked for past the screens it is refused as well.
	const statuses = await page.evaluate(async () => {
		const paths = ['nodes', 'queues', 'groups', 'users', 'audit', 'health', 'tasks', 'usage', 'settings/mail'];
		return Promise.all(paths.map(async (path) => (await fetch(`/api/v1/admin/${path}`)).status));
	});
	expect(statuses.filter((status) => status !== 403 && status !== 404)).toEqual([]);
	expect(granted).toEqual([]);
	expect((await Promise.all(heard)).join('\n')).not.toContain(SECRET);
	expect(await page.content()).not.toContain(SECRET);
});

it('says what it waits for when the coordinator is slow, and goes on when it has come', async () => {
	const admin = await openConsole(browser(), coordinator);
	const { page } = admin;
	let release = (): void => {};
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	await page.route(GROUPS, async (route) => {
		await released;
		await route.continue();
	});
	await page.clock.install();
	await admin.go(consolePath('/groups'));
	await page.getByRole('status', { name: /^Reading/ }).waitFor();
	await page.clock.fastForward(11_000);
	await page.getByText(/^Still waiting for the server to send/).waitFor();
	// Nothing is held up but what is waited for.
	await page.getByRole('link', { name: 'Queues', exact: true }).click();
	await page.getByRole('link', { name: SECRET }).waitFor();
	await page.getByRole('link', { name: 'Groups', exact: true }).click();
	release();
	await page.getByRole('link', { name: SECRET }).waitFor();
	expect(admin.faults).toEqual([]);
});

it('ignores what a newer coordinator adds, and says so when an answer is not what it knows', async () => {
	const admin = await openConsole(browser(), coordinator);
	const { page } = admin;
	await page.route(GROUPS, async (route) => {
		const answer = await route.fetch();
		const { items, ...rest } = await answer.json();
		const added = items.map((item: object) => ({ ...item, future: { is: 'here' } }));
		await route.fulfill({ response: answer, json: { ...rest, items: added, future: 1 } });
	});
	await admin.go(consolePath('/groups'));
	await page.getByRole('link', { name: SECRET }).waitFor();

	await page.unroute(GROUPS);
	await page.route(GROUPS, (route) => route.fulfill({ json: { groups: [{ title: 'of another time' }] } }));
	await page.reload();
	await page.getByText(/in a shape that this version does not know/).waitFor();
	await page.unroute(GROUPS);
	await admin.button('Try again').click();
	await page.getByRole('link', { name: SECRET }).waitFor();
	expect(admin.faults).toEqual([]);
});

it('stays quick and truthful over a filter that fits a million tasks', async () => {
	const { id } = await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop', routingKey: 'nobody.serves' });
	await coordinator.api.post(`/tasks/${id}:cancel`);
	await coordinator.stop();
	copyTask(coordinator.data, id, MILLION);
	await coordinator.restart();
	const admin = await openConsole(browser(), coordinator, { at: '/tasks?type=noop&state=cancelled' });
	const { page } = admin;
	await page.getByText('100 and more').waitFor();
	await admin.button('Load more').click();
	await page.getByText('200 and more').waitFor();
	await admin.button('Select all that fit').click();
	await admin.button('Retry…').click();
	const dialog = page.getByRole('dialog');
	await dialog.getByRole('button', { name: /^Retry more than 10,000 tasks: / }).waitFor();
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	// What is looked for one by one is looked for piece by piece, and one is told.
	await admin.go(consolePath('/tasks?state=cancelled&errorCode=no-such-error'));
	await page.getByText(/None of the newest tasks fits/).waitFor();
	await admin.button('Look further').click();
	await page.getByText(/None of the newest tasks fits/).waitFor();
	expect(admin.faults).toEqual([]);
});
