import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogView } from '../../../shared/protocol/about.ts';
import type { AuditEntryView } from '../../../shared/protocol/audit.ts';
import type { BackupsView } from '../../../shared/protocol/backup.ts';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { type Screen, troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const browser = browserForTests();
const BANNED = '203.0.113.5';
let folder: TempFolder;
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let tess: { id: string };

/** Wrong passwords from an address, as many as it takes. */
const getBanned = async (): Promise<void> => {
	const headers = { 'content-type': 'application/json', 'x-millrace-request': '1', 'x-forwarded-for': BANNED };
	for (let tries = 0; tries < 30; tries++) {
		const body = JSON.stringify({ username: `nobody-${tries}`, password: 'a wrong password' });
		const answer = await coordinator.api.raw('POST', '/api/v1/session', body, headers);
		if (JSON.parse(answer.body.toString()).code === 'banned') return;
	}
	throw new Error('nobody was banned');
};

beforeAll(async () => {
	folder = new TempFolder();
	coordinator = await startCoordinator({
		args: ['--backup-to', folder.join('backups'), '--trusted-proxies', '127.0.0.1'],
	});
	agent = await startAgent(coordinator, { name: 'mill-1' });
	const user = { username: 'tess', password: 'a password of some length', role: 'user' };
	tess = await coordinator.api.post('/admin/users', user);
	await getBanned();
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

const audited = async (action: string): Promise<AuditEntryView[]> =>
	(await coordinator.api.get<{ items: AuditEntryView[] }>(`/admin/audit?action=${action}`)).items;

it('finds who did what, shows it whole, proves the chain and exports it', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/audit' });
	const { page } = admin;
	await page.getByRole('combobox', { name: 'What', exact: true }).fill('user.cr*');
	await expect.poll(() => page.url()).toContain('what=user.cr*');
	await page.getByLabel('To what', { exact: true }).fill(tess.id);
	const row = admin.row('tess');
	await row.waitFor();
	await expect.poll(() => page.url()).toContain(`object=${tess.id}`);
	expect(await row.getByRole('link', { name: 'tess' }).getAttribute('href')).toContain(`/users/${tess.id}`);
	await row.getByRole('button', { name: /^Details of entry/ }).click();
	const entry = page.getByRole('dialog', { name: /^Entry / });
	await entry.getByText('user.create').waitFor();
	await entry.getByRole('button', { name: 'All about the same' }).waitFor();
	await page.keyboard.press('Escape');
	await entry.waitFor({ state: 'detached' });

	// By name what has one, and what is gone by what was recorded of it.
	const { id: budget } = await coordinator.api.post<{ id: string }>('/admin/budgets', {
		...{ owner: { person: tess.id }, amountMicro: 5_000_000 },
	});
	const recipe = { name: 'Sums of photos', steps: [{ type: 'md5' }] };
	const { id: gone } = await coordinator.api.post<{ id: string }>('/recipes', recipe);
	await coordinator.api.raw('DELETE', `/api/v1/recipes/${gone}`);
	const { token } = await coordinator.api.post<{ token: string }>('/admin/node-tokens', {});
	await admin.go(consolePath('/audit'));
	await page.reload();
	const link = admin.row('budget.add').getByRole('link', { name: 'tess' });
	expect(await link.getAttribute('href')).toContain(`/budgets?id=${budget}`);
	await admin.row('recipe.delete').getByText('Sums of photos (gone)').waitFor();
	await admin
		.row('node-token.create')
		.getByText(`…${token.slice(-4)}`)
		.waitFor();

	await admin.button('Check the chain').click();
	await page.getByText(/entries, all as they were written/).waitFor();
	await page.getByRole('button', { name: 'Close', exact: true }).last().click();

	const download = page.waitForEvent('download');
	await admin.button('Export').click();
	await page.getByRole('menuitem', { name: 'As CSV' }).click();
	expect((await download).suggestedFilename()).toBe('audit.csv');
	expect(await audited('audit.export')).toHaveLength(1);

	await page.getByLabel('To what', { exact: true }).fill('usr_nobody');
	await page.getByRole('heading', { name: 'No entry fits the filter' }).waitFor();
	expect(admin.faults).toEqual([]);
});

it.each([1024, 1280, 1440])('leaves words their place on a screen of %i pixels', async (width) => {
	const admin = await openConsole(browser(), coordinator, { at: '/health', width });
	const { page } = admin;
	const mail = page.locator('[data-check="mail"]');
	await mail.getByRole('link').waitFor();
	const [words, whole] = await Promise.all([mail.locator('h3').boundingBox(), mail.boundingBox()]);
	expect(words!.width / whole!.width).toBeGreaterThan(0.55);

	// However long they have waited.
	await admin.go(consolePath('/'));
	const waits = page.getByRole('table', { name: 'Waits by class, last hour' });
	await waits.locator('tbody tr').first().waitFor();
	const isCut = await waits.evaluate((table) => {
		for (const [at, cell] of table.querySelectorAll('td').entries()) {
			cell.textContent = [0, 1, 4].includes(at % 5) ? '12 min 40 s' : '123,456';
		}
		const place = table.parentElement!;
		return place.scrollWidth > place.clientWidth;
	});
	expect(isCut).toBe(false);
	expect(admin.faults).toEqual([]);
});

it('backs up now, checks the backup and tells how it is restored', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/settings?tab=backups' });
	const { page } = admin;
	// It makes one by itself soon after its start, too.
	await admin.button('Back up now').click();
	const clickedAt = Date.now();
	await waitFor('a backup to be made', async () => {
		const { runs } = await coordinator.api.get<BackupsView>('/admin/backups');
		return runs.some(({ error, finishedAt }) => error === null && Date.parse(finishedAt) >= clickedAt);
	});
	const backups = page.getByRole('table', { name: 'Backups', exact: true });
	await page.getByRole('table', { name: 'Lately' }).getByText('done', { exact: true }).first().waitFor();
	await backups
		.getByRole('button', { name: /^Check / })
		.first()
		.click();
	await backups.getByText('whole', { exact: true }).waitFor();
	expect(await audited('backup.check')).toHaveLength(1);
	await backups
		.getByRole('button', { name: /^How to restore / })
		.first()
		.click();
	await page
		.getByRole('dialog')
		.getByText(/^coordinator restore --from \S+backups --backup \S+ --data /)
		.waitFor();
	expect(admin.faults).toEqual([]);
});

const tab = (name: string, sign: string | RegExp, act?: Screen['act']): Screen => ({
	...{ name: `settings, ${name}`, path: () => consolePath(`/settings?tab=${name}`), sign },
	...(act ? { act } : {}),
});
const click = (name: string | RegExp) => async (portal: Portal) => {
	// The same address is the same page: what was opened there for the look before is open still.
	await portal.page.keyboard.press('Escape');
	await portal.page.getByRole('dialog').waitFor({ state: 'detached' });
	await portal.button(name).first().click();
	await portal.page.getByRole('dialog').waitFor();
};

it('shows audit and settings accessibly, empty and full, in both colours', async () => {
	const admin = await openConsole(browser(), coordinator);
	const screens: Screen[] = [
		{ name: 'audit', path: () => consolePath('/audit'), sign: 'session.create' },
		{
			...{ name: 'audit, nothing fits', path: () => consolePath('/audit?object=none&within=between') },
			sign: 'No entry fits the filter',
		},
		{
			...{ name: 'audit, entry', path: () => consolePath('/audit?what=user.create'), sign: 'user.create' },
			act: click(/^Details of entry/),
		},
		{
			...{ name: 'audit, chain', path: () => consolePath('/audit'), sign: 'session.create' },
			async act(portal) {
				await click('Check the chain')(portal);
				await portal.page.getByText(/all as they were written/).waitFor();
			},
		},
		tab('storage', 'Whose files take most'),
		tab('retention', 'Files and folders in the trash'),
		tab('backups', 'Lately'),
		tab('backups', 'Lately', click(/^How to restore/)),
		tab('mail', 'Would alerts reach anybody?'),
		tab('security', BANNED),
		tab('log', 'The newest lines'),
		tab('log&find=nothing-of-the-kind', 'No line has these words'),
		tab('chores', 'sweep-content'),
		tab('started-with', '--trusted-proxies'),
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});

it('shows health and task types accessibly, in both colours', async () => {
	const admin = await openConsole(browser(), coordinator);
	const screens: Screen[] = [
		{ name: 'health', path: () => consolePath('/health'), sign: 'Write-ahead log' },
		{ name: 'task types', path: () => consolePath('/task-types'), sign: 'thumbnail' },
		{
			...{ name: 'task types, install', path: () => consolePath('/task-types'), sign: 'thumbnail' },
			act: click('Install…'),
		},
		{ name: 'task type', path: () => consolePath('/task-types/thumbnail'), sign: 'Which nodes can run it' },
		{ name: 'no task type', path: () => consolePath('/task-types/none-such'), sign: 'There is no such task type' },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});

it('lifts a ban, and has more logged until the next start, on record both', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/settings?tab=security' });
	const { page } = admin;
	await page.getByRole('button', { name: `Lift the ban of ${BANNED}` }).click();
	await page.getByRole('heading', { name: 'No address is banned' }).waitFor();
	expect(await audited('address.unban')).toMatchObject([{ object: BANNED }]);

	await page.getByRole('tab', { name: 'Log' }).click();
	await page.getByRole('combobox', { name: 'What is logged' }).click();
	await page.getByRole('option', { name: /^debug/ }).click();
	await admin.button('Back to info').waitFor();
	expect(await coordinator.api.get<LogView>('/admin/log')).toMatchObject({ level: 'debug', startLevel: 'info' });
	expect(await audited('log.set-level')).toMatchObject([
		{ detail: { before: { level: 'info' }, after: { level: 'debug' } } },
	]);
	await admin.button('Back to info').click();
	await admin.button('Back to info').waitFor({ state: 'detached' });
	expect(admin.faults).toEqual([]);
});

it('tells how the coordinator is, and gives a diagnosis to whoever helps', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/health' });
	const { page } = admin;
	const disk = page.locator('[data-check="disk"]');
	await disk.getByText(/are free; uploads are refused below/).waitFor();
	await page.getByRole('region', { name: 'About' }).getByText(process.version).waitFor();
	const download = page.waitForEvent('download');
	await admin.button('Download the diagnosis').click();
	expect((await download).suggestedFilename()).toBe('millrace-diagnosis.zip');
	expect(await audited('diagnosis.take')).toHaveLength(1);
	await page.locator('[data-check="mail"]').getByRole('link', { name: 'To the mail' }).click();
	await page.getByRole('tab', { name: 'Mail', selected: true }).waitFor();
	expect(admin.faults).toEqual([]);
});

it('tries a task type out on a real agent and shows what came out', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/task-types' });
	const { page } = admin;
	await admin.row('noop').getByText('1 of 1').waitFor();
	await page.getByRole('link', { name: 'noop', exact: true }).click();
	await page.getByRole('heading', { name: 'noop', exact: true }).waitFor();
	await admin.row('mill-1').getByText('yes').waitFor();
	const run = page.getByRole('region', { name: 'Test run' });
	await run.getByRole('tab', { name: 'JSON' }).click();
	await run.getByLabel('Settings as JSON').fill('{"echo": "a mill turns"}');
	await run.getByRole('button', { name: 'Run it' }).click();
	await run.getByText('done', { exact: true }).waitFor();
	await run
		.getByText(/"a mill turns"/)
		.last()
		.waitFor();
	expect(page.url()).toContain('run=tsk_');
	expect(admin.faults).toEqual([]);
});
