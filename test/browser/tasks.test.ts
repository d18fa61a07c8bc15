import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeJpeg } from '../support/make-images.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { waitFor } from '../support/wait-for.ts';
import { browserForTests, Portal } from './portal.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let portal: Portal;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { name: 'lab-1', concurrency: 2 });
});
beforeEach(async () => {
	portal = await Portal.open(browser(), coordinator, { at: null });
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const submit = async (task: Record<string, unknown>) =>
	(await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop', ...task })).id;

const headline = (text: string | RegExp) => portal.page.locator('main').getByText(text);

describe('the list of tasks', () => {
	it('keeps its filters in the address and changes its rows live', async () => {
		const running = await submit({ parameters: { sleepMs: 60_000 } });
		await coordinator.api.upload('/listed.txt', 'x');
		await portal.go('/tasks');
		await portal.row('md5').getByText('done').first().waitFor();
		await portal.page.getByLabel('State', { exact: true }).selectOption('Running');
		await portal.row('noop').getByText('running').waitFor();
		expect(new URL(portal.page.url()).search).toBe('?state=running');
		// The row of the running one was there before the filter was.
		await portal.row('md5').first().waitFor({ state: 'detached' });
		await portal.page.reload();
		await portal.row('noop').waitFor();
		await portal.page.getByLabel('Type', { exact: true }).selectOption('md5');
		await portal.page.getByText('No task fits this filter').waitFor();
		await portal.button('Clear the filter').click();
		await portal.live();
		await coordinator.api.post(`/tasks/${running}:cancel`);
		await portal.row('noop').getByText('cancelled').waitFor();
		expect(portal.faults).toEqual([]);
	});

	it('collects new tasks until they are asked for', async () => {
		const known = await submit({});
		await portal.go('/tasks');
		await portal.live();
		await portal.page.locator(`[data-row="${known}"]`).waitFor();
		const rows = await portal.page.getByRole('row').count();
		await submit({});
		await submit({});
		await portal.button(/^2 new/).waitFor();
		expect(await portal.page.getByRole('row').count()).toBe(rows);
		await portal.button(/^2 new/).click();
		await portal.button(/^2 new/).waitFor({ state: 'detached' });
		await portal.page.locator(`[data-row] >> nth=${rows}`).waitFor();
	});

	it('cancels and retries many at once', async () => {
		const ids = await Promise.all([1, 2, 3].map(() => submit({ routingKey: 'nobody.serves-this' })));
		await portal.go('/tasks?state=open');
		await portal.page.getByRole('checkbox', { name: 'Select all 3' }).check();
		await portal.button('Cancel 3 open').click();
		await portal.page.getByText('3 tasks cancelled').waitFor();
		for (const id of ids) {
			expect(await coordinator.api.get(`/tasks/${id}`)).toMatchObject({ state: 'cancelled' });
		}
		await portal.go('/tasks?state=cancelled');
		for (const id of ids) await portal.page.locator(`[data-row="${id}"]`).getByRole('checkbox').check();
		await portal.button('Retry 3 not done').click();
		await portal.page.getByText('3 tasks queued again').waitFor();
		await portal.go('/tasks?state=open');
		await portal.page.getByRole('checkbox', { name: 'Select all 3' }).check();
		await portal.button('Cancel 3 open').click();
		await portal.page.getByText('3 tasks cancelled').waitFor();
	});

	it('is read on page after page', async () => {
		await coordinator.api.post('/tasks:batch', { tasks: Array.from({ length: 230 }, () => ({ type: 'noop' })) });
		await portal.go('/tasks?type=noop');
		await portal.page.getByText('100 and more').waitFor();
		await portal.button('Load more').click();
		await portal.page.getByText('200 and more').waitFor();
		await portal.button('Load more').click();
		await portal.button('Load more').waitFor({ state: 'detached' });
		// From 200 rows on only those in view are there.
		await waitFor('a list that is virtual', async () => (await portal.page.locator('[data-row]').count()) < 100);
	});
});

describe('the page of a task', () => {
	it('says why it waits', async () => {
		const id = await submit({ routingKey: 'nobody.serves-this' });
		const { waitingBecause } = await coordinator.api.get<{ waitingBecause: string }>(`/tasks/${id}`);
		await portal.go(`/tasks/${id}`);
		await headline(waitingBecause).waitFor();
		await portal.button('Cancel').click();
		await headline('Was cancelled.').waitFor();
		expect(portal.faults).toEqual([]);
	});

	it('shows it running, cancels it, and runs it again to its result', async () => {
		const id = await submit({ parameters: { sleepMs: 10_000, echo: { hello: 'world' } } });
		await portal.go(`/tasks/${id}`);
		await headline(/^Runs on lab-1/).waitFor();
		await portal.button('Cancel').click();
		await headline('Was cancelled.').waitFor();
		await portal.button('Retry').click();
		await headline(/^Runs on lab-1/).waitFor();
		await headline(/^Done after/).waitFor();
		await portal.page
			.getByRole('region', { name: 'Result' })
			.getByText(/"hello": "world"/)
			.waitFor();
		const attempts = portal.page.getByRole('listitem').filter({ hasText: 'on lab-1' });
		expect(await attempts.count()).toBe(2);
		expect(portal.faults).toEqual([]);
	});

	it('gives what came out', async () => {
		const { tasks } = await coordinator.api.upload('/shape.jpg', await makeJpeg(new SeededRandom(3)));
		const thumbnail = tasks.find(({ type }) => type === 'thumbnail');
		await portal.go(`/tasks/${thumbnail?.id}`);
		await headline(/^Done after/).waitFor();
		const download = portal.page.waitForEvent('download');
		await portal.page.getByRole('link', { name: /^Download/ }).click();
		expect((await download).suggestedFilename()).toMatch(/\.(jpg|jpeg|png)$/);
		await portal.page.getByRole('link', { name: '/shape.jpg' }).click();
		await portal.page.getByRole('dialog', { name: 'shape.jpg' }).waitFor();
	});

	it('tells plainly when there is none', async () => {
		await portal.go(`/tasks/tsk_${'0'.repeat(26)}`);
		await portal.page.getByRole('heading', { name: 'There is no such task' }).waitFor();
		await portal.go('/tasks/tsk_nope');
		await portal.page.getByRole('heading', { name: 'There is no such task' }).waitFor();
		expect(await portal.button('Try again').count()).toBe(0);
		await portal.page.getByRole('link', { name: 'All tasks' }).click();
		await portal.page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor();
	});

	it('shows what came out first, and of a log only what there is', async () => {
		const { tasks } = await coordinator.api.upload('/first.jpg', await makeJpeg(new SeededRandom(4)));
		const thumbnail = tasks.find(({ type }) => type === 'thumbnail');
		await portal.go(`/tasks/${thumbnail?.id}`);
		await headline(/^Done after/).waitFor();
		await portal.page.getByText('Nothing was logged.').waitFor();
		const headings = await portal.page.locator('main h2').allTextContents();
		expect(headings.slice(0, 3)).toEqual(['Result', 'How this was made', 'Attempts']);
		const log = await portal.page.getByRole('region', { name: 'Log', exact: true }).boundingBox();
		expect(log?.height).toBeLessThan(40);
	});

	it('tells that an input was at hand, when nothing had to be read', async () => {
		const note = (await coordinator.api.upload('/twice.txt', 'read once')).file;
		const runs: string[] = [];
		for (const salt of [1, 2]) {
			const id = await submit({ type: 'md5', inputs: [{ file: note.id }], dedupeKey: `twice ${salt}` });
			await waitFor(
				'its end',
				async () => (await coordinator.api.get<{ finishedAt: string }>(`/tasks/${id}`)).finishedAt,
			);
			runs.push(id);
		}
		await portal.go(`/tasks/${runs[1]}`);
		await headline(/^Done after/).waitFor();
		const fetched = portal.page
			.locator('dl > div')
			.filter({ has: portal.page.locator('dt', { hasText: /^Fetched$/ }) });
		expect(await fetched.locator('dd').textContent()).toBe('from cache');
	});
});
