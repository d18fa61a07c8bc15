import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { dialogOf, troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
beforeAll(async () => {
	coordinator = await startCoordinator();
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const submit = async (parameters: Record<string, unknown>): Promise<string> =>
	(await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop', parameters })).id;
const nodeId = async (): Promise<string> =>
	(await coordinator.api.get<{ items: { id: string }[] }>('/admin/nodes')).items[0]!.id;
const tile = ({ page }: Portal) => page.getByRole('listitem').filter({ hasText: 'lab-1' });

const choose = async (admin: Portal, act: string): Promise<void> => {
	await admin.button('Acts on lab-1').click();
	await admin.page.getByRole('menuitem', { name: act }).click();
};
/** An address behind the `#` is not loaded anew when it is gone to once more. */
const afresh = (act: (on: Portal) => Promise<void>) => async (on: Portal) => {
	await on.page.reload();
	await act(on);
};
const makeCommand = async (admin: Portal): Promise<void> => {
	await admin.button('Make the command').click();
	await admin.page.getByRole('heading', { name: '2. Start its agent' }).waitFor();
};

it('adds a machine by one command, waits for it and greets it', async () => {
	const admin = await openConsole(browser(), coordinator);
	const empty = { name: 'no nodes', path: () => consolePath('/nodes'), sign: 'No machine works for you yet' };
	expect(await troubleOn(admin, [empty], CONSOLE_LOOKS)).toEqual([]);
	await admin.page.locator('main').getByRole('link', { name: 'Add a node' }).click();
	await admin.page.getByLabel('Tasks at once').fill('2');
	await makeCommand(admin);
	await admin.page.getByText('Waiting for the machine to join…').waitFor();
	const command = (await admin.page.getByRole('region', { name: 'the command' }).textContent()) ?? '';
	const [, token = '', url = '', slots = ''] =
		/^MILLRACE_TOKEN=(\S+) agent start --coordinator (\S+) --concurrency (\d+)$/.exec(command) ?? [];
	// What was shown once is known again in the list.
	await admin.page.getByText(`Its token ends in …${token.slice(-4)}`).waitFor();
	await admin.button(`Revoke the token …${token.slice(-4)}`).waitFor();
	await admin.live();
	agent = await startAgent(coordinator, { name: 'lab-1', token, url, concurrency: Number(slots) });
	await admin.page.getByText('Welcome, lab-1').waitFor();
	await admin.page.getByText('It has joined.').waitFor();
	await admin.page.getByText('No token is open').waitFor();
	await admin.page.getByRole('link', { name: 'Look at it' }).click();
	await admin.page.getByRole('heading', { name: 'lab-1' }).waitFor();
	await admin.page.getByText('online', { exact: true }).waitFor();
	expect(admin.faults).toEqual([]);
});

it('is accessible on every screen', async () => {
	const running = await submit({ sleepMs: 600_000 });
	onTestFinished(async () => {
		await coordinator.api.post(`/tasks/${running}:cancel`);
	});
	const done = await submit({});
	const admin = await openConsole(browser(), coordinator);
	const id = await nodeId();
	const nodes = { path: () => consolePath('/nodes?look=tiles'), sign: '1/2' };
	const screens = [
		{ name: 'tiles', ...nodes },
		{ name: 'table', path: () => consolePath('/nodes?look=table'), sign: 'Last seen' },
		{
			...{ name: 'drain', ...nodes },
			act: afresh(async (on) => {
				await choose(on, 'Drain');
				await on.page.getByText('1 task runs there now').waitFor();
			}),
		},
		{
			...{ name: 'settings', path: () => consolePath(`/nodes/${id}`), sign: 'lab-1' },
			act: afresh(dialogOf('Settings', 'Labels')),
		},
		{ name: 'node', path: () => consolePath(`/nodes/${id}`), sign: /^\d+ attempts?: .*1 running/ },
		{ name: 'add', path: () => consolePath('/nodes/add'), sign: '1. What it is to do' },
		{ name: 'command', path: () => consolePath('/nodes/add'), sign: 'Add a node', act: afresh(makeCommand) },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);

	// Its timeline is one stop for Tab; arrows go from attempt to attempt.
	await admin.go(consolePath(`/nodes/${id}`));
	const bars = admin.page.locator('figure a');
	await bars.first().focus();
	const focused = () => admin.page.evaluate(() => document.activeElement?.getAttribute('href'));
	await admin.page.keyboard.press('End');
	const last = await focused();
	await admin.page.keyboard.press('Home');
	expect(new Set([last, await focused()])).toEqual(new Set([`#/tasks/${running}`, `#/tasks/${done}`]));
	expect(admin.faults).toEqual([]);
});

it('cordons, undoes that, sets slots and labels, and drains under a running task', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/nodes' });
	const { page } = admin;
	await admin.live();
	await tile(admin).getByText('0/2').waitFor();
	await choose(admin, 'Cordon');
	await page.getByLabel('Reason').fill('new disk');
	await admin.button('Cordon').click();
	await tile(admin).getByText('cordoned').waitFor();
	await tile(admin).getByText('new disk').waitFor();
	await admin.button('Undo').click();
	await tile(admin).getByText('online').waitFor();

	await choose(admin, 'Settings');
	await page.getByLabel('Tasks at once').fill('3');
	await page.getByRole('switch', { name: 'Labels by hand' }).press('Space');
	await page.getByLabel('Labels', { exact: true }).fill('zone=lab');
	await admin.button('Save').click();
	await tile(admin).getByText('0/3').waitFor();
	await tile(admin).getByText('zone=lab').waitFor();

	const task = await submit({ sleepMs: 600_000 });
	await tile(admin).getByText('1/3').waitFor();
	await tile(admin).getByText('noop', { exact: true }).waitFor();
	await choose(admin, 'Drain');
	await page.getByRole('dialog').getByRole('link', { name: 'noop' }).waitFor();
	await page.getByLabel('Reason').fill('new kernel');
	await admin.button('Drain').click();
	await tile(admin).getByText('draining').waitFor();
	await page.getByRole('link', { name: '1 draining' }).click();
	await tile(admin).getByText('new kernel').waitFor();
	expect(page.url()).toContain('state=draining');
	await coordinator.api.post(`/tasks/${task}:cancel`);
	await page.getByText('No node is like that').waitFor();
	await page.getByRole('link', { name: '1 offline' }).click();
	await tile(admin).getByText('offline').waitFor();
	await agent.process.exited;
	expect(admin.faults).toEqual([]);
});

it('shows a dead node, revokes it for good and forgets it', async () => {
	await agent.restart();
	const admin = await openConsole(browser(), coordinator, { at: `/nodes/${await nodeId()}` });
	const { page } = admin;
	await admin.live();
	const state = page
		.locator('main')
		.getByText(/^(online|offline|revoked)$/)
		.first();
	await expect.poll(() => state.textContent(), { timeout: 30_000 }).toBe('online');
	await agent.kill();
	await expect.poll(() => state.textContent(), { timeout: 30_000 }).toBe('offline');
	await admin.button('Revoke').click();
	const confirm = page.getByRole('dialog').getByRole('button', { name: 'Revoke' });
	expect(await confirm.isDisabled()).toBe(true);
	await page.getByLabel('Type lab-1 to confirm').fill('lab-1');
	await confirm.click();
	await expect.poll(() => state.textContent(), { timeout: 30_000 }).toBe('revoked');
	await page.getByRole('row').filter({ hasText: 'node.revoke' }).waitFor();
	await admin.button('Forget').click();
	await page.getByLabel('Type lab-1 to confirm').fill('lab-1');
	await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
	await page.getByText('No machine works for you yet').waitFor();
	expect(admin.faults).toEqual([]);
});
