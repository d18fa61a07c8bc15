import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SourceView } from '../../shared/protocol/source.ts';
import type { Api } from '../support/api.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { WebStandIn } from '../support/web-stand-in.ts';
import { browserForTests, Portal } from './portal.ts';
import { type Screen, troubleOn } from './screens.ts';

const browser = browserForTests();
let web: WebStandIn;
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let api: Api;
let mills: SourceView;
let stopped: SourceView;

const entry = (number: number, text: string, link: string) =>
	`<item><guid>${number}</guid><title>Mill ${number}</title><author>anna@example.org</author><link>${link}</link>
	 <description>${text}</description><pubDate>Mon, 0${number} Jun 2026 10:00:00 GMT</pubDate></item>`;
const feed = (...items: string[]) =>
	`<rss version="2.0"><channel><title>Mills</title>${items.join('')}</channel></rss>`;

beforeAll(async () => {
	web = await WebStandIn.start();
	web.serve(
		'/feed',
		feed(
			entry(1, 'A mill in the Harz turns again.', 'https://example.org/one'),
			entry(
				2,
				'&lt;b&gt;not bold&lt;/b&gt; &lt;img src=x onerror=alert(1)&gt; &amp;lt;i&amp;gt;',
				'javascript:alert(1)',
			),
		),
	);
	web.serve('/page', '<html><body>no feed</body></html>', { 'content-type': 'text/html' });
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { args: ['--egress-allow', web.host] });
	api = coordinator.api;
	const make = (name: string, path: string, more: object = {}) =>
		api.post<SourceView>('/sources', { name, type: 'feed-topic', parameters: { url: web.at(path) }, ...more });
	mills = await make('News of mills', '/feed', { mostItemsPerMonth: 10, pricePerItem: 0.005 });
	stopped = await make('No feed at all', '/page', { schedule: null });
	const run = async ({ id }: SourceView, isOver: (source: SourceView) => boolean) => {
		await api.post(`/sources/${id}:run`);
		await waitFor('the run to end', async () => isOver(await api.get<SourceView>(`/sources/${id}`)), {
			withinMs: 60_000,
		});
	};
	await run(mills, ({ lastSuccessAt }) => lastSuccessAt !== null);
	await run(stopped, ({ state }) => state === 'stopped');
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await web?.[Symbol.asyncDispose]();
});

it('a source is made, run, and shows what it brings at once, as text; it is paused, reset and deleted', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go('/sources/new?type=feed-topic');
	await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Old mills');
	await portal.button('Make the source').click();
	// Nothing is sent before the address is there.
	await page.getByRole('button', { name: /Address of the feed/ }).waitFor();
	await page.getByLabel('Address of the feed').fill(web.at('/feed'));
	await page.getByLabel('Only when I ask it to').check();
	await page.getByLabel('Most items in a month').fill('5');
	await portal.button('Make the source').click();
	await page.getByRole('heading', { name: 'Old mills' }).waitFor();
	await page.getByText('Nothing yet. What its runs bring appears here.').waitFor();
	await portal.live();

	await portal.button(/^Run now/).click();
	const items = page.getByRole('table', { name: 'Items, the newest first' });
	await items.getByText('A mill in the Harz turns again.').waitFor();
	await page.getByText('2 of 5 items this month').waitFor();
	// Marks of another language stay letters, and what is no address is no link.
	expect(await items.locator('b, img, i').count()).toBe(0);
	expect(await items.getByRole('link').count()).toBe(1);
	const link = items.getByRole('link', { name: 'example.org' });
	expect(await link.getAttribute('rel')).toBe('noopener noreferrer nofollow');

	await portal.button(/^Pause/).click();
	await page.getByText('It is stopped, and its schedules with it.').waitFor();
	expect(await portal.button(/^Run now/).isDisabled()).toBe(true);
	await portal.button(/^Resume/).click();
	await page.getByText('It is stopped, and its schedules with it.').waitFor({ state: 'detached' });

	await portal.button('Reset…').click();
	expect(await portal.button('Forget where it was left').isDisabled()).toBe(true);
	await page.getByLabel('Type Old mills to confirm').fill('Old mills');
	await portal.button('Forget where it was left').click();
	await page.getByRole('dialog').waitFor({ state: 'detached' });
	await portal.button('Delete…').click();
	await portal.button('Delete the source').click();
	await page.getByRole('heading', { name: 'Sources', exact: true }).waitFor();
	await page.getByRole('link', { name: 'Old mills' }).waitFor({ state: 'detached' });
	expect(portal.faults).toEqual([]);
});

it('no screen of sources breaks WCAG 2.2 AA, scrolls sideways or breaks its security policy', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	const screen = (name: string, path: string, sign: string | RegExp): Screen => ({ name, path: () => path, sign });
	const found = await troubleOn(portal, [
		screen('sources', '/sources', 'News of mills'),
		screen('a source', `/sources/${mills.id}`, 'A mill in the Harz turns again.'),
		screen('a stopped source', `/sources/${stopped.id}`, 'It is stopped, and its schedules with it.'),
		screen('a new source with a secret', '/sources/new?type=x-topic', /^Runs /),
		screen('the change of a source', `/sources/${mills.id}/edit`, 'Change News of mills'),
	]);
	const list = '**/api/v1/sources?*';
	await page.route(list, (route) => route.fulfill({ json: { items: [], nextCursor: null } }));
	found.push(...(await troubleOn(portal, [screen('no sources', '/sources', 'No sources yet')])));
	await page.unroute(list);
	await page.route(list, (route) =>
		route.fulfill({ status: 500, json: { code: 'internal', title: 'Something went wrong', status: 500 } }),
	);
	found.push(...(await troubleOn(portal, [screen('sources that cannot be read', '/sources', 'Try again')])));
	expect(found).toEqual([]);
	expect(portal.faults).toEqual([]);
});
