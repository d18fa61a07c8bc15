import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ServiceClassView } from '../../../shared/protocol/service-class.ts';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { waitFor } from '../../support/wait-for.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { type Screen, troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const TASKS = 40;

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;

const put = (name: string, settings: object) => coordinator.api.json('PUT', `/admin/service-classes/${name}`, settings);
const read = (name: string) => coordinator.api.get<ServiceClassView>(`/admin/service-classes/${name}`);

beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	await put('lab', { description: 'The lab', band: 6, caps: { running: 4 } });
	const person = await coordinator.newUser('ada', 'user', 'lab');
	for (const name of ['bob', 'eve']) await coordinator.newUser(name);
	const tasks = Array.from({ length: TASKS }, () => ({ type: 'noop', parameters: { sleepMs: 10 } }));
	await person.post('/tasks:batch', { tasks });
	await waitFor('the tasks to end', async () => {
		const { items } = await person.get<{ items: unknown[] }>('/tasks?state=succeeded&limit=1000');
		return items.length === TASKS;
	});
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const open = (at: string) => openConsole(browser(), coordinator, { at });
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const saved = (page: Page, version: number) => page.getByText(new RegExp(`is saved as version ${version} `)).waitFor();

it('changes a class after a what-if, and rolls it back', async () => {
	const admin = await open('/classes');
	const { page } = admin;
	await page.getByRole('row', { name: /^lab/ }).getByRole('link', { name: 'lab', exact: true }).click();
	await page.getByRole('heading', { name: 'lab', level: 1 }).waitFor();
	await field(page, 'Weight').fill('3');
	await field(page, 'Running, whole class').fill('1');
	await page.getByRole('list', { name: 'Changes' }).getByText('Running, whole class').waitFor();
	await admin.button('What if on the last 24 h').click();
	const waits = page.getByRole('table', { name: /^Waits by class/ });
	await waits.getByRole('row', { name: /^lab/ }).waitFor();
	expect(await waits.getByRole('row', { name: /^lab/ }).textContent()).toContain(`${TASKS} tasks`);
	await page.getByRole('heading', { name: 'Tasks in line: lab' }).waitFor();
	await field(page, 'Why (for the history)').fill('one at a time');
	await admin.button('Save').click();
	await saved(page, 2);
	expect(await read('lab')).toMatchObject({ version: 2, weight: 3, band: 6, caps: { running: 1 } });
	await page.getByRole('tab', { name: 'History' }).click();
	await page.getByText('one at a time').waitFor();
	await admin.button('Back to this: version 1').click();
	await page.getByText('Version 3 (now)').waitFor();
	expect(await read('lab')).toMatchObject({ version: 3, weight: 1, caps: { running: 4 } });
	await page.getByRole('tab', { name: 'Settings' }).click();
	expect(await field(page, 'Weight').inputValue()).toBe('1');
	expect(admin.faults).toEqual([]);
});

it('shows how far a what-if is, and stops it', async () => {
	const admin = await open('/classes/lab?tab=what-if');
	const { page } = admin;
	await page.route('**/api/v1/admin/what-if', async (route) => {
		// The question stays open; how far it is, is told.
		if (route.request().method() === 'POST') return;
		const progress = { step: 'after', share: 0.5, since: new Date().toISOString() };
		await route.fulfill({ json: { progress } });
	});
	const gone = page.waitForEvent('requestfailed', (request) => request.method() === 'POST');
	await admin.button('Work it out').click();
	await page.getByText('Playing it with the change').waitFor();
	expect(await page.getByRole('progressbar', { name: 'How far it is' }).getAttribute('aria-valuenow')).toBe('50');
	await admin.button('Cancel').click();
	await page.getByText('It was cancelled').waitFor();
	await gone;
});

it('merges what two administrators have changed', async () => {
	await put('shared', { band: 5, weight: 1, caps: { running: 4 } });
	const admin = await open('/classes/shared');
	const { page } = admin;
	await field(page, 'Priority band').fill('7');
	await field(page, 'Running, whole class').fill('6');
	await put('shared', { band: 5, weight: 2, caps: { running: 8 } });
	await admin.button('Save').click();
	const dialog = page.getByRole('dialog', { name: 'shared has changed meanwhile' });
	await dialog.waitFor();
	const take = dialog.getByRole('button', { name: 'Take these' });
	expect(await take.isDisabled()).toBe(true);
	await dialog.getByRole('radio', { name: 'Yours: 6' }).check();
	await take.click();
	await dialog.waitFor({ state: 'detached' });
	// Merging saves nothing.
	expect(await read('shared')).toMatchObject({ version: 2, band: 5 });
	await admin.button('Save').click();
	await saved(page, 3);
	expect(await read('shared')).toMatchObject({ version: 3, band: 7, weight: 2, caps: { running: 6 } });
	// A change that has been saved can be taken back from where it was told.
	await admin.button('Undo').last().click();
	await page.getByText('shared has the settings of version 2 again.').waitFor();
	expect(await read('shared')).toMatchObject({ version: 4, band: 5, weight: 2, caps: { running: 8 } });
});

it('tells what does not fit at its field, before anything is sent', async () => {
	const admin = await open('/classes/new');
	const { page } = admin;
	await field(page, 'Memory').fill('a lot');
	await field(page, 'Priority band').fill('12');
	await page.getByText('Must be a size, such as 500 MB or 2 GiB; empty: no limit.').waitFor();
	await page.getByText('2 settings do not fit').waitFor();
	expect(await admin.button('Make the class').isDisabled()).toBe(true);
	await admin.button(/^Memory must be a size/).click();
	await page.keyboard.press('Control+a');
	await page.keyboard.type('2 GiB');
	await field(page, 'Priority band').fill('4');
	await page.getByLabel(/^Name/).fill('Not a name');
	await admin.button('Make the class').click();
	await page.getByText(/^Name must be lower-case letters/).waitFor();
	await page.getByLabel(/^Name/).fill('lab');
	await admin.button('Make the class').click();
	await page.getByText(/^Name is the name of a class that is there already/).waitFor();
	await page.getByLabel(/^Name/).fill('made');
	await admin.button('Make the class').click();
	await page.getByRole('heading', { name: 'made', level: 1 }).waitFor();
	expect(await read('made')).toMatchObject({ band: 4, caps: { memoryBytes: 2 ** 31 } });
});

it('deletes a class that nobody has, and says who has another', async () => {
	await put('unused', { band: 3 });
	const admin = await open('/classes/lab');
	const { page } = admin;
	await admin.button('Delete…').click();
	const refusal = page.getByRole('dialog', { name: 'lab cannot be deleted yet' });
	await refusal.getByText('ada').waitFor();
	await page.keyboard.press('Escape');
	await refusal.waitFor({ state: 'detached' });
	await admin.go(consolePath('/classes/unused'));
	await page.getByRole('heading', { name: 'unused', level: 1 }).waitFor();
	await admin.button('Delete…').click();
	await page.getByLabel('Type unused to confirm').fill('unused');
	await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
	await page.getByRole('heading', { name: 'Service classes' }).waitFor();
	await expect(read('unused')).rejects.toMatchObject({ status: 404 });
	await admin.go(consolePath('/classes/unused'));
	await page.getByRole('heading', { name: 'The class unused was deleted' }).waitFor();
	await admin.button('Back to this: version 1').click();
	await page.getByRole('heading', { name: 'unused', level: 1 }).waitFor();
	expect(await read('unused')).toMatchObject({ version: 3, band: 3 });
});

it('makes a group, fills and empties it, and deletes it', async () => {
	const admin = await open('/groups');
	const { page } = admin;
	await page.getByText('No groups yet').waitFor();
	await admin.button('New group').click();
	const dialog = page.getByRole('dialog', { name: 'New group' });
	await dialog.getByLabel(/^Name/).fill('Physics');
	await dialog.getByLabel('Service class').selectOption('lab');
	await dialog.getByRole('button', { name: 'Make the group' }).click();
	await page.getByRole('heading', { name: 'Physics', level: 1 }).waitFor();
	const { items } = await coordinator.api.get<{ items: { id: string; name: string }[] }>('/admin/groups');
	const { id } = items.find(({ name }) => name === 'Physics')!;
	const members = async () => {
		const answer = await coordinator.api.get<{ items: { username: string }[] }>(`/admin/groups/${id}/members`);
		return answer.items.map(({ username }) => username).sort();
	};
	await field(page, 'Add people').fill('bob, Eve\nnobody');
	await admin.button('Add').click();
	await page.getByText('There is nobody called nobody.').waitFor();
	expect(await members()).toEqual(['bob', 'eve']);
	await admin.button('Take bob out').click();
	await page.getByText('bob is not in the group any more.').waitFor();
	expect(await members()).toEqual(['eve']);
	await admin.button('Undo').last().click();
	await admin.button('Take bob out').waitFor();
	expect(await members()).toEqual(['bob', 'eve']);
	await field(page, 'Service class').selectOption('');
	await admin.button('Save').click();
	await page.getByText('Physics is changed and counts now.').waitFor();
	await page.getByText('standard, as nobody gives another').waitFor();
	await admin.button('Delete…').click();
	await page.getByLabel('Type Physics to confirm').fill('Physics');
	await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
	await page.getByText('No groups yet').waitFor();
	await expect(members()).rejects.toMatchObject({ status: 404 });
	expect(admin.faults).toEqual([]);
});

it('shows what the server says counts for the people of a group: not a class that does not count yet', async () => {
	const validFrom = new Date(Date.now() + 86_400_000).toISOString();
	await put('tomorrow', { validFrom });
	const outer = await coordinator.api.post<{ id: string }>('/admin/groups', {
		name: 'outer',
		serviceClass: 'priority',
	});
	const inner = await coordinator.api.post<{ id: string }>('/admin/groups', {
		...{ name: 'inner', parent: outer.id, serviceClass: 'tomorrow' },
	});
	const admin = await open('/groups');
	const { page } = admin;
	await page.getByRole('row', { name: /inner/ }).getByRole('link', { name: 'priority, from outer' }).waitFor();
	await page.getByRole('link', { name: 'inner', exact: true }).click();
	await page.getByText('class tomorrow, given to group inner: counts only from').waitFor();
	await page.getByRole('link', { name: 'priority, from outer' }).waitFor();
	for (const { id } of [inner, outer]) await coordinator.api.json('DELETE', `/admin/groups/${id}`);
	expect(admin.faults).toEqual([]);
});

/** The server refuses to tell of this, until the page is left. */
const refusing =
	(path: string) =>
	async ({ page }: Portal): Promise<void> => {
		await page.route(`**/api/v1/admin/${path}`, (route) =>
			route.fulfill({ status: 403, json: { code: 'forbidden', title: 'Not for you', status: 403 } }),
		);
		await page.reload();
		await page.getByRole('button', { name: 'Try again' }).waitFor();
		await page.unroute(`**/api/v1/admin/${path}`);
	};

/** What was done before this look is forgotten first: going to where one is already changes nothing. */
const afresh =
	(act: (portal: Portal) => Promise<void>) =>
	async (portal: Portal): Promise<void> => {
		await portal.page.reload();
		await portal.page.getByText('What it is for').waitFor();
		await act(portal);
	};

const conflict = async ({ page }: Portal): Promise<void> => {
	await field(page, 'Weight').fill('900');
	await put('both', { weight: Number((await read('both')).weight) + 1, band: 6 });
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('dialog').getByRole('radio').first().waitFor();
};

it('is accessible in every look', async () => {
	const empty = await open('/groups');
	const path = (screen: string) => () => consolePath(screen);
	await empty.page.getByText('No groups yet').waitFor();
	const trouble = await troubleOn(
		empty,
		[{ name: 'no groups', path: path('/groups'), sign: 'No groups yet' }],
		CONSOLE_LOOKS,
	);
	await put('both', { band: 5 });
	const { id } = await coordinator.api.post<{ id: string }>('/admin/groups', { name: 'Physics', serviceClass: 'lab' });
	await coordinator.api.post('/admin/groups', { name: 'Optics', parent: id });
	const admin = await open('/classes');
	const screens: Screen[] = [
		{ name: 'classes', path: path('/classes'), sign: 'The lab' },
		{ name: 'classes, error', path: path('/classes'), sign: 'Service classes', act: refusing('service-classes') },
		{
			name: 'class, faults',
			path: path('/classes/lab'),
			sign: 'What it is for',
			act: afresh(async ({ page }) => {
				await field(page, 'Memory').fill('a lot');
				await page.getByText('1 setting does not fit').waitFor();
			}),
		},
		{
			name: 'what-if',
			path: path('/classes/lab?tab=what-if'),
			sign: 'Of the last',
			async act({ page }) {
				// The settings of the screen before, which do not fit, would stand in the form still.
				await page.reload();
				await page.getByRole('button', { name: /^Work it out/ }).click();
				await page.getByRole('table', { name: /^Waits by class/ }).waitFor();
			},
		},
		{ name: 'history', path: path('/classes/lab?tab=history'), sign: '(now)' },
		{ name: 'merge', path: path('/classes/both'), sign: 'What it is for', act: afresh(conflict) },
		{
			name: 'delete',
			path: path('/classes/both'),
			sign: 'What it is for',
			act: afresh(async ({ page }) => {
				await page.getByRole('button', { name: 'Delete…' }).click();
				await page.getByLabel('Type both to confirm').waitFor();
			}),
		},
		{ name: 'groups', path: path('/groups'), sign: 'Optics' },
		{ name: 'group', path: path('/groups/Physics'), sign: 'Nobody is in it yet' },
		{
			name: 'new group',
			path: path('/groups'),
			sign: 'Optics',
			async act({ page }) {
				await page.reload();
				await page.getByRole('button', { name: 'New group' }).click();
				await page.getByRole('dialog').getByLabel('Service class').waitFor();
			},
		},
	];
	expect([...trouble, ...(await troubleOn(admin, screens, CONSOLE_LOOKS))]).toEqual([]);
});
