import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { violations } from '../axe.ts';
import { browserForTests } from '../portal.ts';
import { troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

const openPalette = async ({ page }: Awaited<ReturnType<typeof openConsole>>) => {
	await page.keyboard.press('Control+k');
	await page.getByRole('combobox', { name: 'Command' }).waitFor();
};

it('shows who may not be here so, and nothing else', async () => {
	await coordinator.api.post('/admin/users', { username: 'bo', password: 'a password of some length', role: 'user' });
	const person = await openConsole(browser(), coordinator, { signedIn: false });
	await person.page.getByLabel('Name', { exact: true }).fill('bo');
	await person.page.getByLabel('Password', { exact: true }).fill('a password of some length');
	await person.button('Sign in').click();
	await person.page.getByRole('heading', { name: /^403/ }).waitFor();
	expect(await person.page.getByRole('navigation').count()).toBe(0);
	await person.button('Sign in as somebody else').click();
	await person.signIn();
	await person.page.getByRole('heading', { name: 'Overview' }).waitFor();
});

it('tells operators which screens are for administrators, instead of what refuses them', async () => {
	const olga = { username: 'olga', password: 'a password of some length' };
	await coordinator.api.post('/admin/users', { ...olga, role: 'operator' });
	const operator = await openConsole(browser(), coordinator, { signedIn: false });
	await operator.signIn(olga);
	for (const [path, heading] of [
		['/users', 'Users: for administrators'],
		['/users/usr_1', 'Users: for administrators'],
		['/settings', 'Settings: for administrators'],
		['/nodes', 'Nodes'],
	] as const) {
		await operator.go(consolePath(path));
		await operator.page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
	}
	expect(operator.faults).toEqual([]);
});

it('goes where its palette is told to, by keys alone', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/nowhere' });
	const { page } = admin;
	await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
	await openPalette(admin);
	await page.keyboard.type('overv');
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Overview' }).waitFor();
	await page.keyboard.press('?');
	await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await admin.live();
	expect(admin.faults).toEqual([]);
});

it('keeps the last picture, with its age, while the coordinator is away', async () => {
	const admin = await openConsole(browser(), coordinator);
	await admin.live();
	await admin.page.getByText('No machine has joined').waitFor();
	await coordinator.kill();
	await admin.page.getByText('The coordinator does not answer.').waitFor();
	expect(await admin.page.getByText('No machine has joined').count()).toBe(1);
	expect(await violations(admin)).toEqual([]);
	await coordinator.restart();
	await admin.live();
	await admin.page.getByText('The coordinator does not answer.').waitFor({ state: 'detached' });
});

it('is accessible in every look', async () => {
	const admin = await openConsole(browser(), coordinator);
	const screens = [
		{ name: 'overview', path: () => consolePath('/'), sign: 'Overview' },
		{ name: 'palette', path: () => consolePath('/'), sign: 'Overview', act: openPalette },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});
