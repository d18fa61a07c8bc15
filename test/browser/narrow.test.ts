import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { browserForTests, Portal } from './portal.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let fileId: string;
beforeAll(async () => {
	coordinator = await startCoordinator();
	const { api } = coordinator;
	for (const name of ['a.txt', 'b.txt']) fileId = (await api.upload(`/${name}`, name)).file.id;
	await api.upload('/old.txt', 'old');
	await api.json('DELETE', '/content/old.txt');
	await api.post('/folders', { path: '/empty' });
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

const topOf = async (portal: Portal): Promise<number> => (await portal.page.getByRole('grid').boundingBox())?.y ?? -1;

describe.each([1280, 390])('at %d pixels', (width) => {
	it.each(['/files', '/tasks', '/trash'])('selecting something on %s does not make the list jump', async (path) => {
		const portal = await Portal.open(browser(), coordinator, { width, at: path });
		await portal.page.getByRole('grid').waitFor();
		const before = await topOf(portal);
		await portal.page.getByRole('checkbox').nth(1).check();
		const bar = portal.page.getByRole('toolbar', { name: 'Acts on the selection' });
		await bar.getByText('1 selected').waitFor();
		expect(await topOf(portal)).toBe(before);
		// The acts stand in one line, and the covered tools cannot be reached.
		const acts = await bar.getByRole('button').all();
		const tops = await Promise.all(acts.slice(0, 2).map(async (act) => (await act.boundingBox())?.y));
		expect(tops[0]).toBe(tops[1]);
		expect(await portal.page.getByRole('textbox').count()).toBe(0);
		await bar.getByRole('button', { name: 'Clear' }).click();
		expect(await topOf(portal)).toBe(before);
	});
});

describe('on a phone', () => {
	it('nothing is said of dropping or of keys', async () => {
		const portal = await Portal.open(browser(), coordinator, { width: 390, at: '/files/empty' });
		await portal.page.getByRole('heading', { name: 'Upload files here' }).waitFor();
		await portal.button(/Account menu/).click();
		await portal.button('Sign out').waitFor();
		expect(await portal.page.locator('kbd:visible').count()).toBe(0);
	});

	it.each([390, 320])('the acts on a file stand in one line at %d pixels', async (width) => {
		const portal = await Portal.open(browser(), coordinator, { width, at: `/files?file=${fileId}` });
		const drawer = portal.page.getByRole('dialog', { name: 'b.txt' });
		const acts = [
			drawer.getByRole('link', { name: 'Download', exact: true }),
			drawer.getByRole('button', { name: 'Rename or move' }),
			drawer.getByRole('button', { name: 'Delete b.txt' }),
		];
		await drawer.getByText('SHA-256').waitFor();
		const boxes = await Promise.all(acts.map((act) => act.boundingBox()));
		expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
		expect((boxes[2]?.x ?? width) + (boxes[2]?.width ?? 0)).toBeLessThanOrEqual(width - 8);
		// None of their words is cut off.
		for (const act of acts.slice(0, 2)) {
			const isCut = await act
				.locator('.mantine-Button-label')
				.evaluate((label) => label.scrollWidth > label.clientWidth);
			expect(isCut).toBe(false);
		}
	});

	it('an empty trash keeps its distance from what is above it', async () => {
		const user = await coordinator.newUser('eve');
		expect(user).toBeDefined();
		const portal = await Portal.open(browser(), coordinator, { width: 390, signedIn: false });
		await portal.signIn({ username: 'eve', password: `${coordinator.administrator.password} eve` });
		await portal.go('/trash');
		const card = portal.page.locator('main').getByText('The trash is empty').locator('xpath=ancestor::*[position()=2]');
		const back = await portal.page.getByRole('link', { name: 'Back to files' }).boundingBox();
		expect(((await card.boundingBox())?.y ?? 0) - ((back?.y ?? 0) + (back?.height ?? 0))).toBeGreaterThanOrEqual(12);
	});
});

it('the API reference looks like the portal and leads back to it', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	await portal.go('/api/docs');
	const fonts = await portal.page.evaluate(async () => {
		await document.fonts.ready;
		return [...document.fonts].map(({ family, status }) => `${family.replaceAll('"', '')} ${status}`);
	});
	expect(fonts).toEqual(['Inter Variable loaded']);
	await portal.page.getByRole('link', { name: 'Back to the portal' }).click();
	await portal.row('a.txt').waitFor();
	expect(portal.faults).toEqual([]);
});
