import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { browserForTests, Portal } from './portal.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator);
	for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.txt']) await coordinator.api.upload(`/keys/${name}`, name);
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

it('one gets from signing in through files and tasks to signing out without a mouse', async () => {
	const portal = await Portal.open(browser(), coordinator, { signedIn: false });
	const { page } = portal;
	const { keyboard } = page;
	const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
	const focusedRow = () =>
		page.evaluate(() => document.activeElement?.closest('[data-row]:focus')?.querySelector('a')?.textContent ?? null);

	// Sign in: the name has the focus already.
	await portal.button('Sign in').waitFor();
	await keyboard.type(coordinator.administrator.username);
	await keyboard.press('Tab');
	await keyboard.type(coordinator.administrator.password);
	await keyboard.press('Enter');
	await portal.row('keys').waitFor();

	// The first Tab offers to skip the header.
	await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
	await keyboard.press('Tab');
	expect(await focused()).toBe('Skip to the content');
	await keyboard.press('Enter');
	expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');

	// Into the list: Tab until a row has it, Enter opens the folder.
	for (let tabs = 0; tabs < 30 && (await focusedRow()) !== 'keys'; tabs += 1) await keyboard.press('Tab');
	expect(await focusedRow()).toBe('keys');
	await keyboard.press('Enter');
	await portal.row('a.txt').waitFor();

	// Up, down, select a range, delete, undo.
	for (let tabs = 0; tabs < 30 && (await focusedRow()) !== 'a.txt'; tabs += 1) await keyboard.press('Tab');
	await keyboard.press('ArrowDown');
	await waitFor('the second row', async () => (await focusedRow()) === 'b.txt');
	await keyboard.press('Space');
	await keyboard.press('Shift+ArrowDown');
	await page.getByText('2 selected').waitFor();
	await keyboard.press('Delete');
	await portal.row('c.txt').waitFor({ state: 'detached' });
	await waitFor('the focus in the list', async () => (await focusedRow()) === 'd.txt');
	const undo = portal.button('Undo');
	await undo.focus();
	await keyboard.press('Enter');
	await portal.row('b.txt').waitFor();
	await portal.row('c.txt').waitFor();

	// The filter, details with Enter, and Escape gives the focus back.
	await keyboard.press('/');
	await keyboard.type('d.t');
	await portal.row('b.txt').waitFor({ state: 'detached' });
	for (let tabs = 0; tabs < 30 && (await focusedRow()) !== 'd.txt'; tabs += 1) await keyboard.press('Tab');
	await keyboard.press('Enter');
	await page.getByRole('dialog', { name: 'd.txt' }).waitFor();
	await keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await waitFor('the focus on the row again', async () => (await focusedRow()) === 'd.txt');
	await keyboard.press('F2');
	await page.getByRole('dialog').getByLabel('Path').waitFor();
	await keyboard.press('End');
	await keyboard.type('.bak');
	await keyboard.press('Enter');
	await portal.row('d.txt.bak').waitFor();

	// Go to the tasks, open one, and the keyboard map.
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await keyboard.press('g');
	await keyboard.press('t');
	await page.getByRole('heading', { name: 'Tasks' }).waitFor();
	for (let tabs = 0; tabs < 30 && (await focusedRow()) === null; tabs += 1) await keyboard.press('Tab');
	await keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Attempts' }).waitFor();
	await keyboard.press('?');
	await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
	await keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });

	// Out.
	await portal.button(/Account menu/).focus();
	await keyboard.press('Enter');
	await portal.button('Sign out').waitFor();
	for (let tabs = 0; tabs < 12 && !(await focused()).includes('Sign out'); tabs += 1) await keyboard.press('Tab');
	await keyboard.press('Enter');
	await portal.button('Sign in').waitFor();
	expect(portal.faults).toEqual([]);
});
