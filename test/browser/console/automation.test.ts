import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { browserForTests } from '../portal.ts';
import { troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
	const ada = await coordinator.newUser('ada');
	await ada.post('/recipes', { name: 'Contact sheet', steps: [{ type: 'noop' }] });
	await ada.post('/schedules', { name: 'Look at the archive', type: 'noop', cron: '30 7 * * *', timeZone: 'UTC' });
	await ada.post('/webhooks', { name: 'Notebook', url: 'https://hooks.example/millrace' });
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

it('pauses somebody’s schedule and lets it go on, and finds it by its name', async () => {
	const { page, faults } = await openConsole(browser(), coordinator, { at: '/schedules' });
	await page.getByRole('link', { name: 'ada' }).waitFor();
	await page.getByRole('button', { name: 'Pause: Look at the archive' }).click();
	await page.getByRole('row').filter({ hasText: 'stopped by an operator' }).waitFor();
	const { items } = await coordinator.api.get<{ items: { state: string }[] }>('/admin/things/schedule');
	expect(items).toMatchObject([{ state: 'off' }]);
	await page.getByRole('button', { name: 'Resume: Look at the archive' }).click();
	await page.getByRole('button', { name: 'Pause: Look at the archive' }).waitFor();
	await page.getByRole('textbox', { name: 'Filter by name' }).fill('nothing like it');
	await page.getByRole('heading', { name: 'Nothing fits' }).waitFor();
	expect(new URL(page.url()).hash).toContain('q=nothing');
	await page.getByRole('button', { name: 'Clear the filter', exact: true }).last().click();
	await page.getByRole('link', { name: 'ada' }).waitFor();
	expect(faults).toEqual([]);
});

it('shows operators nothing private', async () => {
	const olga = await coordinator.newUser('olga', 'operator');
	await expect(olga.get('/admin/things/webhook')).rejects.toMatchObject({ code: 'forbidden' });
	expect(await olga.get('/admin/things/schedule')).toMatchObject({ items: [{ ownerName: null }] });
});

it('is accessible in every look', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/recipes' });
	const screen = (place: string, sign: string) => ({ name: place, path: () => consolePath(`/${place}`), sign });
	const screens = [
		screen('recipes', 'Contact sheet'),
		screen('schedules', 'Look at the archive'),
		screen('webhooks', 'Notebook'),
		screen('sources', 'Nobody gathers'),
		screen('triggers?q=zzz', 'Nothing fits'),
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});
