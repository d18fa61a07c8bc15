import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActView } from '../../../shared/protocol/act.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { waitFor } from '../../support/wait-for.ts';
import { chooseInMenu, focused, pick, pressOn, tabTo, write } from '../keys.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { consolePath, openConsole } from './console.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
beforeAll(async () => {
	coordinator = await startCoordinator();
	const { api } = coordinator;
	agent = await startAgent(coordinator, { name: 'lab-1', concurrency: 2 });
	await api.post('/admin/queues', { name: 'yard', bindingKeys: ['yard.#'] });
	await api.json('PUT', '/admin/service-classes/lab', { description: 'The lab', band: 5, weight: 1 });
	await api.post('/admin/price-book', { currency: 'EUR', prices: { attempt: 2_000_000 } });
	await api.post('/admin/budgets', { owner: { class: 'lab' }, amountMicro: 12_500_000 });
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

let admin: Portal;
const open = async (at: string): Promise<Portal> => {
	admin = await openConsole(browser(), coordinator, { at });
	await admin.page.locator('main h1').first().waitFor();
	await admin.live();
	return admin;
};
const to = (wanted: RegExp) => tabTo(admin, wanted);
const press = (wanted: RegExp) => pressOn(admin, wanted);
const key = (name: string) => admin.page.keyboard.press(name);
const type = (text: string) => admin.page.keyboard.type(text);
const shown = (text: string | RegExp) => admin.page.getByText(text).first().waitFor();
const dialogGone = () => admin.page.getByRole('dialog').waitFor({ state: 'detached' });
/** The focus is where it was before something was opened. */
const backOn = (wanted: RegExp) => waitFor(`the focus on ${wanted}`, async () => wanted.test(await focused(admin)));
const newestAct = async () => (await coordinator.api.get<{ items: ActView[] }>('/admin/acts?limit=1')).items[0];
const detail = (id: string) => coordinator.api.get<TaskDetail>(`/tasks/${id}`);
const batch = async (count: number, task: object) =>
	(
		await coordinator.api.post<{ ids: string[] }>('/tasks:batch', {
			tasks: Array.from({ length: count }, () => ({ type: 'noop', ...task })),
		})
	).ids;

describe('by keys alone', () => {
	beforeEach((context) => () => expect([context.task.name, admin.faults]).toEqual([context.task.name, []]));

	it('a queue is paused, resumed, and its tasks are purged', async () => {
		await batch(2, { routingKey: 'yard.x' });
		await open('/queues');
		await press(/^Pause yard/);
		await backOn(/^Resume yard/);
		expect(await newestAct()).toMatchObject({ verb: 'queue.pause', object: 'yard' });
		await press(/^Resume yard/);
		await backOn(/^Pause yard/);

		// A menu by its arrows; Escape gives the focus back, from the menu and from the dialog behind it.
		await press(/^More for yard/);
		await admin.page.getByRole('menu').waitFor();
		await key('Escape');
		await backOn(/^More for yard/);
		await key('Enter');
		await chooseInMenu(admin, /^Purge/);
		await shown('all 2 tasks');
		await backOn(/^Type yard to confirm/);
		await key('Escape');
		await dialogGone();
		await backOn(/^More for yard/);
		await key('Enter');
		await chooseInMenu(admin, /^Purge/);
		await shown('all 2 tasks');
		await backOn(/^Type yard to confirm/);
		await type('yard');
		await key('Enter');
		await shown('2 tasks cancelled.');
		await backOn(/^More for yard/);
	});

	it('a node is cordoned, resumed, and its slots are set', async () => {
		await open('/nodes?look=tiles');
		await press(/^Acts on lab-1/);
		await chooseInMenu(admin, /^Cordon/);
		await backOn(/^Reason/);
		await type('a new disk');
		await press(/^Cordon$/);
		await dialogGone();
		await admin.page.getByText('cordoned', { exact: true }).waitFor();
		await shown('a new disk');
		await backOn(/^Acts on lab-1/);
		await key('Enter');
		await chooseInMenu(admin, /^Resume/);
		await shown('lab-1 takes tasks again.');
		await backOn(/^Acts on lab-1/);
		await key('Enter');
		await chooseInMenu(admin, /^Settings/);
		await to(/^Tasks at once/);
		await write(admin, '3');
		await key('Enter');
		await admin.page.getByText('0/3').waitFor();
		await backOn(/^Acts on lab-1/);
	});

	it('tasks are held and released together, cancelled, and run again', async () => {
		const ids = await batch(3, { routingKey: 'yard.y' });
		await open('/tasks?queue=yard');
		await admin.page.locator(`[data-row="${ids[0]}"]`).waitFor();
		const onRow = () => admin.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.row);
		for (let tabs = 0; tabs < 60 && (await onRow()) === undefined; tabs += 1) await key('Tab');
		expect(await onRow()).toBe(ids[2]);
		await key('Control+a');
		await shown(/\d selected/);
		await pressOn(admin, /^Hold \d/, 'Shift+Tab');
		await shown(/tasks? held/);
		await waitFor('all to be held', async () => (await detail(ids[0]!)).held !== null);
		// Where the act was done the focus stays, so that the next one can follow.
		await backOn(/^Hold \d/);
		await press(/^Release \d/);
		await shown(/tasks? released/);
		await press(/^Clear$/);

		// All that fit, across pages; asked for in a dialog.
		await pressOn(admin, /^Select all that fit$/, 'Shift+Tab');
		await shown('All that fit: queue yard');
		await press(/^Cancel…$/);
		await admin.page.getByRole('dialog').waitFor();
		await to(/^Reason/);
		await type('not needed');
		await to(/^Cancel \d+ tasks?: queue yard/);
		await key('Enter');
		await shown(/tasks? cancelled/);
		await dialogGone();
		await waitFor('them to be cancelled', async () => (await detail(ids[0]!)).state === 'cancelled');
	});

	it('a class is changed, saved and taken back', async () => {
		await open('/classes/lab');
		await to(/^Weight/);
		await write(admin, '4');
		await to(/^Why \(for the history\)/);
		await type('more for the lab');
		await press(/^Save$/);
		await shown(/is saved as version 2 /);
		const weight = async () => (await coordinator.api.get<{ weight: number }>('/admin/service-classes/lab')).weight;
		expect(await weight()).toBe(4);
		// The tabs are one stop; arrows go from one to the next.
		await tabTo(admin, /^Settings$/, 'Shift+Tab');
		for (let presses = 0; presses < 4 && !/^History/.test(await focused(admin)); presses += 1) await key('ArrowRight');
		await shown('more for the lab');
		await press(/^Back to this: version 1/);
		await shown('Version 3 (now)');
		expect(await weight()).toBe(1);
	});

	it('somebody is invited', async () => {
		await open('/users');
		await press(/^Invite somebody$/);
		await backOn(/^Name/);
		await type('ada');
		await to(/^Role/);
		await pick(admin, 'operator');
		await to(/^Class/);
		await pick(admin, 'lab');
		await press(/^Make the link$/);
		await shown('I have copied it');
		await press(/^I have copied it$/);
		await dialogGone();
		await admin.row('ada').getByText('invited').waitFor();
		await admin.row('ada').getByText('operator').waitFor();
		await backOn(/^Invite somebody$/);
	});

	it('a budget is topped up', async () => {
		await open('/budgets');
		await press(/^Change the budget of/);
		await press(/^\+ 10 EUR$/);
		await press(/^Set it$/);
		await admin.row('lab').getByText('22.50 EUR').first().waitFor();
		await dialogGone();
		await backOn(/^Change the budget of/);
	});

	it('the audit log is searched, looked into and exported', async () => {
		await open('/audit');
		await to(/^What$/);
		await type('user.create');
		await expect.poll(() => admin.page.url()).toContain('what=user.create');
		await admin.row('session.create').first().waitFor({ state: 'detached' });
		await press(/^Details of entry/);
		await admin.page.getByRole('dialog', { name: /^Entry / }).waitFor();
		await key('Escape');
		await dialogGone();
		await backOn(/^Details of entry/);
		const download = admin.page.waitForEvent('download');
		await pressOn(admin, /^Export$/, 'Shift+Tab');
		await chooseInMenu(admin, /^As CSV/);
		expect((await download).suggestedFilename()).toBe('audit.csv');
	});

	it('a schedule is paused and let go on', async () => {
		const schedule = { type: 'noop', cron: '30 7 * * *', timeZone: 'UTC' };
		await coordinator.api.post('/schedules', { name: 'Look at the archive', ...schedule });
		await open('/schedules');
		await press(/^Pause: Look at the archive/);
		await backOn(/^Resume: Look at the archive/);
		await key('Enter');
		await backOn(/^Pause: Look at the archive/);
	});

	it('dialogs keep the focus while they are open, and give it back to what opened them', async () => {
		await open('/');
		for (const [at, opener] of [
			['/queues', /^New queue$/],
			['/groups', /^New group$/],
			['/usage', /^Correct what somebody owes$/],
			['/budgets', /^Set a budget$/],
			['/task-types', /^Install…$/],
			['/audit', /^Check the chain$/],
			['/nodes', /^Where to, or what to do/],
			['/nodes', /^Account menu/],
		] as const) {
			await admin.go(consolePath(at));
			await press(opener);
			await admin.page.getByRole('dialog').first().waitFor();
			await waitFor('the focus within', () =>
				admin.page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null),
			);
			// Tab stays within while it is open.
			for (let tabs = 0; tabs < 30; tabs += 1) await key('Tab');
			expect(await admin.page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null)).toBe(true);
			// A list that is open in it is closed first.
			const isOpen = () => document.activeElement?.getAttribute('aria-expanded') === 'true';
			if (await admin.page.evaluate(isOpen)) await key('Escape');
			await key('Escape');
			await dialogGone();
			await backOn(opener);
		}
	});

	it('a node is drained, and one’s session ends', async () => {
		await open('/nodes');
		await press(/^Acts on lab-1/);
		await chooseInMenu(admin, /^Drain/);
		await backOn(/^Reason/);
		await type('a new kernel');
		await press(/^Drain$/);
		await agent.process.exited;
		await shown('offline');
		await press(/^Account menu/);
		await press(/^\s*Sign out$/);
		await admin.button('Sign in').waitFor();
	});
});
