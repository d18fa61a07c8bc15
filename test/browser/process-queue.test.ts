import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeJpeg } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { browserForTests, Portal } from './portal.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let file: string;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator);
	const { api } = coordinator;
	file = (await api.upload('/in/one.jpg', await makeJpeg(new SeededRandom(21)))).file.id;
	const known = async () => (await api.get<{ facts: { mimetype?: string } }>(`/files/${file}`)).facts.mimetype;
	await waitFor('its type to be known', async () => (await known()) !== undefined);
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

it('goes into another queue by its routing key, which the command line and the address know too', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: `/process?files=${file}&type=thumbnail` });
	const { page } = portal;
	await page.getByText('Advanced', { exact: true }).click();
	const key = page.getByLabel('Routing key');
	await key.fill('no spaces');
	await portal.button('Submit 1 task').click();
	await page.getByText('It is counted as soon as the settings fit.').waitFor();
	await page.getByRole('button', { name: /^Routing key: words of letters/ }).click();
	await key.fill('priority.photos');
	await page.getByText('The same from a script').click();
	await page.getByText(/^millrace run thumbnail .*--queue-key priority\.photos/).waitFor();
	await waitFor('the address', async () => page.url().includes('key=priority.photos'));
	await page.reload();
	expect(await key.inputValue()).toBe('priority.photos');
	await portal.button('Submit 1 task').click();
	await page.waitForURL(/\/tasks\/tsk_/);
	expect(await coordinator.api.get(`/tasks/${page.url().split('/').at(-1)}`)).toMatchObject({
		...{ routingKey: 'priority.photos', queue: 'priority' },
	});
	expect(portal.faults).toEqual([]);
});

it('stays where it led to when the address of before is written late, while the next page is still loading', async () => {
	const portal = await Portal.open(browser(), coordinator, {
		at: `/process?files=${file}&type=thumbnail`,
		alone: true,
	});
	const { page } = portal;
	await portal.button('Submit 1 task').waitFor();
	await page.clock.install();
	let goOn = (): void => {};
	const held = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	const asked = page.waitForRequest((request) => request.url().endsWith('.js'));
	await page.route('**/*.js', async (route) => {
		await held;
		await route.continue();
	});
	await page.getByLabel(/^Width/).fill('33');
	await portal.button('Submit 1 task').click();
	await asked;
	// What was typed goes into the address a moment after it was.
	await page.clock.runFor(1_000);
	goOn();
	await page.getByRole('heading', { name: 'thumbnail' }).waitFor();
	expect(new URL(page.url()).pathname).toMatch(/^\/tasks\/tsk_/);
});
