import { mkdirSync, writeFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeJpeg } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import { tooWide, violations } from './axe.ts';
import { browserForTests, LOOKS, Portal } from './portal.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let folder: TempFolder;
let portal: Portal;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { concurrency: 2 });
	folder = new TempFolder();
});
beforeEach(async () => {
	portal = await Portal.open(browser(), coordinator, { at: null });
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

/** Something by this name in a folder of its own, so that tests do not see each other's. */
const enter = async (name: string) => {
	await coordinator.api.post('/folders', { path: `/${name}` });
	await portal.go(`/files/${name}`);
	await portal.live();
};

it('of many versions shows the newest, and older ones when they are asked for', async () => {
	await enter('versions');
	for (let version = 1; version <= 203; version++)
		await coordinator.api.upload('/versions/note.txt', `note ${version}`);
	await portal.row('note.txt').getByRole('link', { name: 'note.txt' }).click();
	const drawer = portal.page.getByRole('dialog');
	const downloads = drawer.getByRole('link', { name: /^Download version / });
	const shown = () => downloads.evaluateAll((links) => links.map((link) => link.ariaLabel?.replace(/\D/g, '')));
	const numbers = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => String(from - i));
	await drawer.getByRole('link', { name: 'Download version 203' }).waitFor();
	expect(await shown()).toEqual(numbers(203, 104));
	const older = drawer.getByRole('button', { name: 'Show older versions' });
	await older.click();
	await drawer.getByRole('link', { name: 'Download version 4', exact: true }).waitFor();
	expect(await shown()).toEqual(numbers(203, 4));
	await older.click();
	await drawer.getByRole('link', { name: 'Download version 1', exact: true }).waitFor();
	expect(await shown()).toEqual(numbers(203, 1));
	await older.waitFor({ state: 'detached' });
	// A new version comes in while they are open: none is shown twice or lost.
	await coordinator.api.upload('/versions/note.txt', 'note 204');
	await drawer.getByRole('link', { name: 'Download version 204' }).waitFor();
	await drawer.getByRole('link', { name: 'Download version 5', exact: true }).waitFor();
	expect(await shown()).toEqual(numbers(204, 5));
	expect(portal.faults).toEqual([]);
});

describe('a picture', () => {
	it('dropped on the page shows its thumbnail and facts without a reload', async () => {
		const jpeg = await makeJpeg(new SeededRandom(1), { megapixels: 2 });
		writeFileSync(folder.join('harbour.jpg'), jpeg);
		await enter('pictures');
		const droppedAt = performance.now();
		await portal.drop([folder.join('harbour.jpg')]);
		const thumbnail = portal.row('harbour.jpg').locator('img');
		await thumbnail.waitFor();
		await waitFor('the thumbnail’s pixels', () =>
			thumbnail.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
		);
		const took = performance.now() - droppedAt;
		// Told, not asserted: it depends on the machine.
		console.log(`from drop to thumbnail: ${Math.round(took)} ms`);
		await portal
			.row('harbour.jpg')
			.getByText(/md5, mimetype, thumbnail.* done/)
			.waitFor();
		// Where there is nothing to hover with it must be seen that these words lead somewhere.
		const word = portal.row('harbour.jpg').getByRole('link', { name: 'md5' });
		expect(await word.evaluate((link) => getComputedStyle(link).textDecorationLine)).toBe('underline');

		await portal.row('harbour.jpg').getByRole('link', { name: 'harbour.jpg' }).click();
		const drawer = portal.page.getByRole('dialog');
		await drawer.getByText('image/jpeg', { exact: true }).waitFor();
		await drawer.getByText(/^\d+ × \d+ pixels$/).waitFor();
		const { facts } = await coordinator.api
			.get<{ items: { facts: { md5: string } }[] }>('/files?folder=/pictures')
			.then(({ items }) => items[0] as { facts: { md5: string } });
		await drawer.getByText(facts.md5).waitFor();
		const preview = drawer.getByRole('img', { name: /Preview of harbour.jpg/ });
		await waitFor('the preview’s pixels', () =>
			preview.evaluate((image) => (image as HTMLImageElement).naturalWidth > 400),
		);
		expect(portal.faults).toEqual([]);
	});

	it('can be the sample when one has none at hand', async () => {
		await enter('sample');
		await portal.button('Try with a sample image').click();
		await portal.row('sample.jpg').locator('img').waitFor();
		expect(portal.faults).toEqual([]);
	});

	it('that was uploaded elsewhere appears by itself', async () => {
		await enter('elsewhere');
		await coordinator.api.upload('/elsewhere/from-afar.txt', 'hello');
		await portal.row('from-afar.txt').getByText('md5, mimetype done').waitFor();
		await coordinator.api.json('DELETE', '/content/elsewhere/from-afar.txt');
		await portal.row('from-afar.txt').waitFor({ state: 'detached' });
	});
});

describe('a folder', () => {
	it('that is dropped keeps its structure, empty folders included', async () => {
		for (const name of ['tree/a/b', 'tree/empty']) mkdirSync(folder.join(name), { recursive: true });
		writeFileSync(folder.join('tree/top.txt'), 'top');
		writeFileSync(folder.join('tree/a/b/deep ü 100%.txt'), 'deep');
		await enter('dropped');
		await portal.drop([folder.join('tree')]);
		await portal.row('tree').getByRole('link', { name: 'tree' }).click();
		await portal.row('top.txt').waitFor();
		await portal.row('empty').waitFor();
		// To leave the page sooner would cut what is still being sent.
		await portal.tray.getByText('All uploaded').waitFor();
		await portal.go('/files/dropped/tree/a/b');
		await portal.row('deep ü 100%.txt').waitFor();
		expect(await portal.page.getByRole('navigation', { name: 'Folder' }).textContent()).toBe('Filesdroppedtreeab');
	});

	it('takes what is dropped on its row', async () => {
		await coordinator.api.post('/folders', { path: '/rows/inner' });
		writeFileSync(folder.join('into-inner.txt'), 'x');
		await enter('rows');
		await portal.drop([folder.join('into-inner.txt')], portal.row('inner'));
		await portal.tray.getByText('All uploaded').waitFor();
		await portal.go('/files/rows/inner');
		await portal.row('into-inner.txt').waitFor();
	});

	it('is made, renamed, and filtered by what is in the address', async () => {
		await enter('named');
		await portal.button('New folder').click();
		await portal.page.getByRole('dialog').getByLabel('Name').fill('first');
		await portal.button('Make folder').click();
		await portal.row('first').waitFor();
		await portal.row('first').getByRole('button', { name: 'Acts on first' }).click();
		await portal.page.getByRole('menuitem', { name: 'Rename or move' }).click();
		await portal.page.getByRole('dialog').getByLabel('Path').fill('/named/second');
		await portal.button('Move').click();
		await portal.row('second').waitFor();
		await portal.page.getByRole('textbox', { name: 'Filter by name' }).fill('nothing like it');
		await portal.page.getByText('Nothing here is named').waitFor();
		expect(new URL(portal.page.url()).searchParams.get('q')).toBe('nothing like it');
		await portal.go('/files/named?q=SEC');
		await portal.row('second').waitFor();
		expect(portal.faults).toEqual([]);
	});
});

it('are opened as a network drive by a password that is shown once, all by keyboard', async () => {
	await enter('drive');
	const { page } = portal;
	const made = () =>
		coordinator.api.get<{ items: { name: string; access: string }[] }>('/app-passwords').then(({ items }) => items);
	const open = portal.button('Open as network drive');
	const dialog = page.getByRole('dialog', { name: 'Open as network drive' });
	const name = dialog.getByLabel('Name', { exact: true });
	// What is refused is said, and can be tried again; the address is the one that the coordinator is known by.
	const known = 'https://mill.example/dav/files/';
	await page.route('**/api/v1/app-passwords', (route) =>
		route.request().method() === 'POST'
			? route.fulfill({ status: 409, json: { status: 409, code: 'conflict', detail: 'There are 1000 already.' } })
			: route.fulfill({ json: { items: [], nextCursor: null, driveUrl: known } }),
	);
	await open.press('Enter');
	await dialog.getByText('No app passwords yet.').waitFor();
	await dialog.locator('dd').getByText(known, { exact: true }).waitFor();
	const hasFocus = (input: Locator) => () => input.evaluate((element) => element === document.activeElement);
	await waitFor('the focus on the name', hasFocus(name));
	await page.keyboard.press('Enter');
	await dialog.getByRole('alert').getByText('There are 1000 already.').waitFor();
	await page.unroute('**/api/v1/app-passwords');
	await dialog.getByRole('switch', { name: /^Read-only/ }).press('Space');
	await name.press('Enter');
	await dialog.getByText('Copy the app password now').waitFor();
	const address = `${coordinator.url}/dav/files/`;
	const facts = await dialog.locator('dd code').allInnerTexts();
	expect(facts).toEqual([address, 'admin', expect.stringMatching(/^([0-9a-z]{5}-){4}[0-9a-z]{5}$/)]);
	expect(await made()).toMatchObject([{ name: 'Drive on Linux', access: 'read-only' }]);
	await dialog.getByRole('tab', { name: 'GNOME, KDE' }).focus();
	for (const _ of ['davfs2', 'rclone']) await page.keyboard.press('ArrowRight');
	await dialog.getByText(`echo ${facts[2]} | rclone obscure -`).waitFor();
	for (const look of LOOKS) {
		await portal.look(look);
		expect(await violations(portal)).toEqual([]);
		expect(await tooWide(portal)).toBe(0);
	}
	const another = dialog.getByRole('button', { name: 'Make another' });
	await another.press('Enter');
	await waitFor('the focus on the name of another', hasFocus(name));
	expect(await name.inputValue()).toBe('Drive on Linux 2');
	expect(await page.getByText(facts[2]!).count()).toBe(0);
	// Closed, it forgets the password; the list does not know it.
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached' });
	const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
	await waitFor('the focus on the button again', async () => (await focused()).includes('Drive'));
	await page.keyboard.press('Enter');
	await dialog.getByText('read-only · made').waitFor();
	expect(await page.getByText(facts[2]!).count()).toBe(0);
	const revoke = dialog.getByRole('button', { name: 'Revoke the app password Drive on Linux' });
	await revoke.press('Enter');
	await dialog.getByText('It was never used.').waitFor();
	await waitFor('the focus on Keep', async () => (await focused()) === 'Keep');
	await page.keyboard.press('Enter');
	await waitFor('the focus on Revoke again', hasFocus(revoke));
	expect(await made()).toHaveLength(1);
	await page.keyboard.press('Enter');
	await dialog.getByRole('button', { name: 'Revoke it' }).press('Enter');
	await page.getByText('Drive on Linux is revoked').waitFor();
	await dialog.getByText('No app passwords yet.').waitFor();
	expect(await made()).toEqual([]);
	expect(portal.faults).toEqual([]);
});

describe('deleting', () => {
	it('can be undone', async () => {
		await coordinator.api.upload('/undo/precious.txt', 'precious');
		await enter('undo');
		await portal.row('precious.txt').getByRole('checkbox').check();
		await portal.button('Delete').click();
		await portal.row('precious.txt').waitFor({ state: 'detached' });
		await portal.button('Undo').click();
		await portal.row('precious.txt').waitFor();
		const back = await coordinator.api.raw('GET', '/api/v1/content/undo/precious.txt');
		expect(back.body.toString()).toBe('precious');
	});

	it('for good is only possible in the trash, and only when typed', async () => {
		await coordinator.api.upload('/gone/doomed.txt', 'doomed');
		await coordinator.api.upload('/gone/spared.txt', 'spared');
		await enter('gone');
		await portal.row('doomed.txt').waitFor();
		await portal.page.getByRole('checkbox', { name: 'Select all 2' }).check();
		await portal.button('Delete').click();
		await portal.page.getByText('Drop files or folders here').waitFor();

		await portal.go('/trash');
		await portal.row('spared.txt').getByRole('button', { name: 'Restore' }).click();
		await portal.row('spared.txt').waitFor({ state: 'detached' });
		await portal.row('doomed.txt').getByRole('checkbox').check();
		await portal.button('Delete for good').click();
		const dialog = portal.page.getByRole('dialog');
		const confirm = dialog.getByRole('button', { name: 'Delete for good' });
		expect(await confirm.isDisabled()).toBe(true);
		await dialog.getByLabel('Type delete to confirm').fill('delete');
		await confirm.click();
		await portal.row('doomed.txt').waitFor({ state: 'detached' });
		const names = await coordinator.api.get<{ items: { name: string }[] }>('/files?folder=/gone');
		expect(names.items.map(({ name }) => name)).toEqual(['spared.txt']);
		expect(portal.faults).toEqual([]);
	});
});
