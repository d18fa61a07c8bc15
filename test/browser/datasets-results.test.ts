import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { moneyInWords } from '../../shared/money-words.ts';
import type { DatasetView } from '../../shared/protocol/dataset.ts';
import type { JobView } from '../../shared/protocol/job.ts';
import type { Statement } from '../../shared/protocol/statement.ts';
import { allOver } from '../support/all-over.ts';
import type { Api } from '../support/api.ts';
import { makeJpeg } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { WebStandIn } from '../support/web-stand-in.ts';
import { browserForTests, Portal } from './portal.ts';
import { dialogOf, type Screen, troubleOn, violationsInAllLooks } from './screens.ts';

const browser = browserForTests();
let receiver: WebStandIn;
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let api: Api;
const ids = { job: '', failed: '', task: '', file: '' };

const LICENCE = 'You may use these files.\nSay where they come from.';

const endOf = async (id: string): Promise<JobView> =>
	waitFor(
		'the job to be over',
		async () => {
			const job = await api.get<JobView>(`/jobs/${id}`);
			return (job.state === 'done' || job.state === 'failed') && job;
		},
		{ withinMs: 60_000 },
	);

beforeAll(async () => {
	receiver = await WebStandIn.start();
	receiver.serve('/hook', 'taken');
	coordinator = await startCoordinator({ env: { MILLRACE_EGRESS_ALLOW: receiver.host } });
	agent = await startAgent(coordinator);
	api = coordinator.api;
	await api.post('/admin/price-book', { prices: { cpuSecond: 20_000, attempt: 1_000, gibIn: 5_000_000 } });
	const random = new SeededRandom(41);
	for (const name of ['one.jpg', 'two.jpg']) await api.upload(`/photos/${name}`, await makeJpeg(random));
	await api.upload('/texts/list.csv', 'a,b\n1,2\n');
	const resize = { type: 'resize', parameters: { width: 120 }, results: { place: 'folder', folder: '/small' } };
	const start = async (wish: object) => (await api.post<{ id: string }>('/jobs', wish)).id;
	ids.job = await start({ steps: [resize], over: { folder: '/photos' }, title: 'Small pictures' });
	// Pictures by their first bytes, and none by the rest: whatever is known of them when the job begins, they fail.
	for (const name of ['one', 'two']) await api.upload(`/broken/${name}.png`, Buffer.from('89504e470d0a1a0a00', 'hex'));
	ids.failed = await start({
		steps: [{ type: 'resize', parameters: { width: 120 } }],
		over: { folder: '/broken' },
		title: 'Tables of pictures',
	});
	const ada = await coordinator.newUser('ada');
	await ada.upload('/mills/wheel.txt', 'A wheel turns.\n');
	await ada.upload('/mills/pictures/wheel.jpg', await makeJpeg(random));
	// What a file is, is known when its tasks have run: a version of a dataset keeps that.
	await allOver(ada);
	const licence = { name: 'CC BY 4.0', text: LICENCE };
	const about = { name: 'mills', title: 'Mills of the valley', description: 'What is left of them.', licence };
	await ada.post('/datasets', { ...about, from: { folder: '/mills' } });
	await waitFor('the dataset', async () => (await ada.get<DatasetView>('/datasets/mills')).state === 'ready');
	await Promise.all([endOf(ids.job), endOf(ids.failed)]);
	const [result] = (await api.get<{ items: { task: string; file: string }[] }>(`/results?job=${ids.job}`)).items;
	ids.task = result?.task ?? '';
	ids.file = result?.file ?? '';
	const { id: owner } = await api.get<{ id: string }>('/me');
	await api.post('/admin/budgets', { owner: { person: owner }, amountMicro: 40_000_000 });
	await api.post('/admin/usage/corrections', { owner, amountMicro: -1_500, reason: 'A node was broken.' });
	await waitFor('the notices', async () => (await api.get<{ unread: number }>('/notices')).unread >= 2);
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await receiver?.[Symbol.asyncDispose]();
});

const DATASETS: Screen[] = [
	{ name: 'datasets', path: () => '/datasets', sign: 'Mills of the valley' },
	{
		name: 'the dialog for a dataset',
		path: () => '/datasets',
		sign: 'Mills of the valley',
		act: dialogOf('Publish a dataset', 'Title'),
	},
	{ name: 'a dataset with a licence', path: () => '/datasets/mills', sign: 'accept the licence' },
	{ name: 'its folder', path: () => '/datasets/mills?folder=pictures', sign: 'wheel.jpg' },
	{
		name: 'the dialog that deletes it',
		path: () => '/datasets/mills',
		sign: 'wheel.txt',
		act: dialogOf('Delete…', 'Type mills to confirm'),
	},
	{
		name: 'a file of a sample',
		path: () => '/datasets/sample-text?folder=english',
		sign: 'Shared with',
		act: async (portal) => {
			await portal.page
				.getByRole('button', { name: /\.txt$/ })
				.first()
				.click();
			await portal.page.getByRole('region', { name: /^Text of/ }).waitFor();
		},
	},
	{ name: 'no such dataset', path: () => '/datasets/nope', sign: 'There is no such dataset' },
];

const RESULTS: Screen[] = [
	{ name: 'results', path: () => '/results', sign: /^\/small\/one/ },
	{ name: 'no result that fits', path: () => `/results?job=job_${'0'.repeat(26)}`, sign: 'No result fits this filter' },
	{ name: 'a job with results', path: () => `/jobs/${ids.job}`, sign: 'its file' },
	{ name: 'a task with a filed result', path: () => `/tasks/${ids.task}`, sign: /^Filed as/ },
	{ name: 'how a file was made', path: () => `/files?file=${ids.file}`, sign: 'How this was made' },
	{ name: 'notices', path: () => '/notices', sign: 'Small pictures is done' },
	{ name: 'webhooks', path: () => '/account', sign: 'No webhooks yet.' },
	{
		name: 'the dialog for a webhook',
		path: () => '/account',
		sign: 'No webhooks yet.',
		act: dialogOf('New webhook', 'Address'),
	},
	{
		name: 'more places',
		path: () => '/jobs',
		sign: 'Small pictures',
		act: async (portal) => {
			await portal.page.getByRole('button', { name: 'More', exact: true }).click();
			await portal.page.getByRole('dialog').getByRole('link', { name: 'Results' }).waitFor();
		},
	},
];

const USAGE: Screen[] = [
	{
		name: 'usage',
		path: () => '/usage',
		sign: 'A node was broken.',
		act: async ({ page }) => {
			await page.getByRole('link', { name: '/photos/one.jpg' }).waitFor();
			await page.getByText('Show as a table').click();
		},
	},
	{ name: 'a month without usage', path: () => '/usage?month=2024-01', sign: 'Nothing was used in January 2024' },
];

it.each([
	['datasets', DATASETS],
	['results and notices', RESULTS],
	['usage', USAGE],
])('no screen of %s breaks WCAG 2.2 AA, scrolls sideways or breaks its security policy', async (_, screens) => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	expect(await troubleOn(portal, screens)).toEqual([]);
	expect(portal.faults).toEqual([]);
});

it('neither do they when there is nothing, or when it cannot be read', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	for (const [place, none] of [
		['datasets', 'No datasets yet'],
		['results', 'No results yet'],
		['notices', 'No notices yet'],
	] as const) {
		const list = `**/api/v1/${place}?*`;
		await portal.page.route(list, (route) => route.fulfill({ json: { items: [], nextCursor: null, unread: 0 } }));
		await portal.go(`/${place}`);
		await portal.page.getByText(none).waitFor();
		expect(await violationsInAllLooks(portal)).toEqual([]);
		await portal.page.unroute(list);
		await portal.page.route(list, (route) =>
			route.fulfill({ status: 500, json: { code: 'internal', title: 'No', status: 500 } }),
		);
		await portal.go(`/${place}`);
		await portal.button('Try again').waitFor();
		expect(await violationsInAllLooks(portal)).toEqual([]);
		await portal.page.unroute(list);
		await portal.button('Try again').click();
		await portal.button('Try again').waitFor({ state: 'detached' });
	}
});

it('a folder is published as a dataset, shared, followed by a version, and deleted by its name', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go('/datasets');
	await portal.button('Publish a dataset').click();
	const dialog = page.getByRole('dialog', { name: 'Publish a dataset' });
	await dialog.getByLabel('Title').fill('Old photos');
	expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('old-photos');
	await dialog.getByLabel('Folder').fill('/nowhere');
	await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
	// A folder that is not there is told where one looks: in the dialog, or as the state of what was made.
	await page
		.getByText(/\/nowhere/)
		.last()
		.waitFor();
	await page.getByRole('heading', { name: 'Old photos', level: 1 }).waitFor();
	await page.getByText('The last version was not published.').waitFor();

	await portal.button('New version…').click();
	const next = page.getByRole('dialog', { name: 'New version of Old photos' });
	await next.getByLabel('Folder').fill('/photos');
	await next.getByLabel('What is new').fill('The first two');
	await next.getByRole('button', { name: 'Publish version 1' }).click();
	// Nobody reloads: the page sees by itself that it is published.
	await page.getByRole('link', { name: 'Version 1', exact: true }).waitFor();
	await page.getByText('The first two').waitFor();
	await page.getByRole('button', { name: 'one.jpg' }).click();
	const file = page.getByRole('dialog', { name: 'one.jpg' });
	const picture = file.getByRole('img', { name: 'Preview of one.jpg' });
	await picture.waitFor();
	await waitFor('the picture', () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0));
	expect(await file.getByRole('link', { name: 'Process…' }).getAttribute('href')).toBe(
		'/process?dataset=old-photos&path=one.jpg',
	);
	await page.keyboard.press('Escape');

	await page.getByLabel('Share with a person').fill('nobody');
	await portal.button('Share').click();
	await page.getByText(/nobody is not there/).waitFor();
	await page.getByLabel('Share with a person').fill('Ada');
	await portal.button('Share').click();
	await portal.button('Remove ada').waitFor();

	await portal.button('Delete…').click();
	const deleting = page.getByRole('dialog', { name: 'Delete Old photos?' });
	expect(await deleting.getByRole('button', { name: 'Delete the dataset' }).isDisabled()).toBe(true);
	await deleting.getByLabel('Type old-photos to confirm').fill('old-photos');
	await deleting.getByRole('button', { name: 'Delete the dataset' }).click();
	await page.getByRole('heading', { name: 'Datasets', exact: true }).waitFor();
	await page.getByRole('link', { name: 'Old photos' }).waitFor({ state: 'detached' });
	expect(portal.faults).toEqual([]);
});

it('a dataset with a licence shows its list, and gives its files once the licence is accepted', async () => {
	const bert = await coordinator.newUser('bert');
	await api.json('PUT', '/datasets/mills/grants', { users: ['bert'] });
	expect(await bert.get('/datasets/mills')).toMatchObject({ licence: { accepted: false } });
	const portal = await Portal.open(browser(), coordinator, { signedIn: false });
	await portal.signIn({ username: 'bert', password: `${coordinator.administrator.password} bert` });
	const { page } = portal;
	await portal.go('/datasets/mills');
	await page.getByRole('button', { name: 'wheel.txt' }).waitFor();
	expect(await page.getByRole('link', { name: /^Download/ }).count()).toBe(0);
	expect(await portal.button('Delete…').count()).toBe(0);
	await page.getByRole('region', { name: 'Text of the licence' }).getByText('Say where they come from.').waitFor();
	await portal.button('Accept the licence').click();
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: 'Download wheel.txt' }).click();
	expect((await download).suggestedFilename()).toBe('wheel.txt');
	await page.getByRole('button', { name: 'wheel.txt', exact: true }).click();
	await page.getByRole('region', { name: 'Text of wheel.txt' }).getByText('A wheel turns.').waitFor();
	await page.keyboard.press('Escape');
	await page.getByRole('link', { name: 'pictures', exact: true }).click();
	await page.getByRole('link', { name: 'Download wheel.jpg' }).waitFor();
	expect(portal.faults).toEqual([]);
});

it('a result tells how it was made, and is made again', async () => {
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	await portal.go('/results');
	await page.getByRole('link', { name: /^\/small\/one/ }).click();
	const drawer = page.getByRole('dialog');
	await drawer.getByText('Resize a picture').waitFor();
	await drawer.getByRole('link', { name: '/photos/one.jpg' }).waitFor();
	await drawer.getByText(agent.name, { exact: false }).first().waitFor();
	const edit = await drawer.getByRole('link', { name: 'Edit and run' }).getAttribute('href');
	expect(edit).toMatch(/^\/process\?again=tsk_/);
	const before = edit?.split('=')[1];
	await drawer.getByRole('button', { name: 'Run again' }).click();
	await page.waitForURL(/\/tasks\/tsk_/);
	expect(page.url()).not.toContain(before);
	await page.getByText('It was run again').waitFor();
	// It is the same work on the same file: a version of the result that was there.
	await page.getByText(/^Filed as .*, version 2$/).waitFor();
	// What stayed with its task is put into a folder when somebody asks for it.
	const [thumbnail] = (await api.get<{ items: { id: string }[] }>('/tasks?type=thumbnail&state=succeeded')).items;
	await portal.go(`/tasks/${thumbnail?.id}`);
	await portal.button('Put into a folder…').click();
	await page.getByRole('dialog').getByLabel('Folder').fill('/kept');
	await portal.button('Put there').click();
	await page.getByRole('link', { name: /^\/kept\// }).waitFor();

	await portal.go(`/jobs/${ids.job}`);
	const results = page.getByRole('listitem').filter({ hasText: 'of /photos/' });
	await results.first().waitFor();
	expect(await results.count()).toBe(2);
	expect(portal.faults).toEqual([]);
});

it('notices are counted until they are read, and told to a webhook', async () => {
	const portal = await Portal.open(browser(), coordinator);
	const { page } = portal;
	await page.getByRole('link', { name: /^Notices, \d+ unread$/ }).click();
	const row = page.getByRole('listitem').filter({ hasText: 'Tables of pictures failed' });
	await row.getByText(/2 of 2 tasks failed/).waitFor();
	await row.getByRole('button', { name: 'Mark as read' }).click();
	await row.getByRole('button', { name: 'Mark as read' }).waitFor({ state: 'detached' });
	await portal.button('Mark all as read').click();
	await page.getByRole('link', { name: 'Notices', exact: true }).waitFor();
	await row.getByRole('link', { name: 'Tables of pictures failed' }).click();
	await page.getByRole('heading', { name: 'Tables of pictures' }).waitFor();

	await portal.go('/account');
	await portal.button('New webhook').click();
	const dialog = page.getByRole('dialog', { name: 'New webhook' });
	await dialog.getByLabel('Name', { exact: true }).fill('ops');
	await dialog.getByLabel('Address').fill('http://127.0.0.1:9/');
	await dialog.getByRole('button', { name: 'Make webhook' }).click();
	await dialog.getByRole('alert').waitFor();
	await dialog.getByLabel('Address').fill(receiver.at('/hook'));
	await dialog.getByRole('button', { name: 'Make webhook' }).click();
	await dialog.getByText('Copy it now').waitFor();
	await dialog.getByRole('button', { name: 'I have copied it' }).click();
	await portal.button('Test ops').click();
	await page.getByText('answered 200').waitFor();
	expect(receiver.asked.map(({ url }) => url)).toContain('/hook');
	await portal.button('Delete… ops').click();
	await page.getByRole('dialog', { name: 'Delete ops?' }).getByRole('button', { name: 'Delete the webhook' }).click();
	await page.getByText('No webhooks yet.').waitFor();
	expect(portal.faults).toEqual([]);
});

it('usage is told day by day, by work, task and file, with what it costs, and is taken along', async () => {
	const portal = await Portal.open(browser(), coordinator);
	const { page } = portal;
	await portal.button('More').first().click();
	await page.getByRole('link', { name: 'Usage' }).click();
	await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
	const statement = await api.get<Statement>(`/me/statements/${new Date().toISOString().slice(0, 7)}`);
	const cost = `${moneyInWords(statement.total.amountMicro)} EUR`;
	// The figure, the chart's words and its table tell the same.
	await page.getByRole('definition').filter({ hasText: cost }).waitFor();
	await page.getByRole('img', { name: `Cost, by day. ${cost} in all of 40.00 EUR that you may use` }).waitFor();
	const table = page.getByText('Show as a table');
	await table.focus();
	await page.keyboard.press('Enter');
	await page
		.getByRole('row')
		.filter({ hasText: new Date().toISOString().slice(0, 10) })
		.filter({ hasText: cost })
		.waitFor();
	await page.getByText('Added up', { exact: true }).first().click();
	await page.getByRole('img', { name: /^Cost, added up/ }).waitFor();
	await page.getByRole('progressbar', { name: /^Your budget/ }).waitFor();
	await page.getByLabel('What is shown', { exact: true }).selectOption('Tasks');
	await page.getByRole('img', { name: `Tasks, added up. ${statement.total.tasks} tasks in all` }).waitFor();
	await page.getByText('-0.001500 EUR').first().waitFor();
	expect(
		await page
			.getByRole('link', { name: /^Resize.* of one\.jpg/ })
			.first()
			.getAttribute('href'),
	).toMatch(/^\/tasks\/tsk_/);

	const saved = async (name: string): Promise<string> => {
		const download = page.waitForEvent('download');
		await page.getByRole('link', { name }).click();
		return readFile(await (await download).path(), 'latin1');
	};
	expect(await saved('Statement (PDF)')).toMatch(/^%PDF-1\.\d[\s\S]*%%EOF\s*$/);
	expect(await saved('Statement (CSV)')).toContain(`,${statement.total.amountMicro},EUR`);
	expect(JSON.parse(await saved('Statement (JSON)'))).toMatchObject({
		total: { amountMicro: statement.total.amountMicro },
	});
	expect(await saved('Day by day (CSV)')).toMatch(/^dayUtc,what,records,/);

	await page.getByRole('link', { name: /the month before/ }).click();
	await page.getByRole('heading', { name: /^Nothing was used in/ }).waitFor();
	await page.route('**/api/v1/usage?*', (route) =>
		route.fulfill({ status: 500, json: { code: 'internal', title: 'No', status: 500 } }),
	);
	await page.getByRole('link', { name: /the month before/ }).click();
	await portal.button('Try again').waitFor();
	expect(await violationsInAllLooks(portal)).toEqual([]);
	await page.unroute('**/api/v1/usage?*');
	await portal.button('Try again').click();
	await page.getByRole('heading', { name: /^Nothing was used in/ }).waitFor();
	expect(portal.faults).toEqual([]);
});

it('a picture that is damaged has the sign of its kind in its place', async () => {
	await api.upload('/damaged/cut.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
	await allOver(api);
	const licence = { name: 'none', text: 'For tests.' };
	const about = { name: 'damaged', title: 'Damaged pictures', description: 'Cut short.', licence };
	await api.post('/datasets', { ...about, from: { folder: '/damaged' } });
	await waitFor('the dataset', async () => (await api.get<DatasetView>('/datasets/damaged')).state === 'ready');
	const portal = await Portal.open(browser(), coordinator, { at: null });
	const { page } = portal;
	const asked = page.waitForResponse((response) => response.url().includes('inline=true'));
	await portal.go('/datasets/damaged');
	expect((await asked).status()).toBe(200);
	await expect.poll(() => page.locator('main img').count()).toBe(0);
	await portal.button('cut.png').first().click();
	await page.getByText('The picture is damaged').waitFor();
	expect(portal.faults).toEqual([]);
});
