import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Quarantine } from '../../../shared/protocol/quarantine.ts';
import type { TaskDetail } from '../../../shared/protocol/task.ts';
import { writeCommandTypes } from '../../support/command-types.ts';
import { intoCommands } from '../../support/into-commands.ts';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { waitFor } from '../../support/wait-for.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { type Screen, troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const NASTY = '\u001b[2J\u001b[31m<img src=x onerror="document.title=1">';

const browser = browserForTests();
let folder: TempFolder;
let coordinator: RunningCoordinator;
let agent: RunningAgent;
/** Of a type that needs a device which no node has. */
let needy: string;
/** Logs what a terminal would obey and a browser would run, then fails. */
let noisy: string;

const submit = async (task: object = {}) =>
	(await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop', ...task })).id;
const batch = async (count: number, task: object) =>
	(
		await coordinator.api.post<{ ids: string[] }>('/tasks:batch', {
			tasks: Array.from({ length: count }, () => ({ type: 'noop', ...task })),
		})
	).ids;
const detail = (id: string) => coordinator.api.get<TaskDetail>(`/tasks/${id}`);
const over = (id: string) => waitFor(`${id} to end`, async () => (await detail(id)).finishedAt !== null);

beforeAll(async () => {
	folder = new TempFolder();
	coordinator = await startCoordinator();
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

const main = ({ page }: Portal) => page.locator('main');
const headOf = async (table: Locator, head: string) =>
	(await table.getByRole('columnheader').allTextContents()).findIndex((text) => text.startsWith(head));
const rowOf = ({ page }: Portal, id: string) => page.locator(`[data-row="${id}"]`);

it('says what will be there while nothing is', async () => {
	const admin = await openConsole(browser(), coordinator);
	const screens: Screen[] = [
		{ name: 'no tasks', path: () => consolePath('/tasks'), sign: 'No tasks yet' },
		{ name: 'nothing failed', path: () => consolePath('/quarantine'), sign: 'Nothing has failed' },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});

/** Work that waits for what no node has, that fails, and that kills its workers. */
const startWork = async () => {
	const types = writeCommandTypes(folder.join('types'), {
		needy: { script: 'true', needs: { hardware: { 'capture-card': 1 } } },
		poison: { script: 'kill -KILL $PPID; sleep 5' },
		noisy: { script: `printf '%s\\n' '${NASTY}'; exit 3` },
	});
	const [first, second, ...poison] = await batch(4, {});
	[needy, noisy] = [first!, second!];
	await coordinator.stop();
	intoCommands(coordinator.data, [needy], types, 'needy');
	intoCommands(coordinator.data, [noisy], types, 'noisy');
	intoCommands(coordinator.data, poison, types, 'poison');
	await coordinator.restart();
	const args = ['--task-types', types, '--sandbox', 'none'];
	agent = await startAgent(coordinator, { name: 'lab-1', concurrency: 2, args });
	for (const id of [noisy, ...poison]) await over(id);
};

describe('with work', () => {
	beforeAll(startWork);

	describe('the list of tasks', () => {
		it('shows everybody’s, filtered by the address, live, and keeps new ones back', async () => {
			const anna = await coordinator.newUser('anna');
			const { id } = await anna.post<{ id: string }>('/tasks', { type: 'noop', routingKey: 'nobody.anna' });
			const admin = await openConsole(browser(), coordinator, { at: '/tasks?state=open' });
			await admin.live();
			await rowOf(admin, id).getByText('queued').waitFor();
			await admin.page.getByLabel('Owner', { exact: true }).fill('Anna');
			await admin.page.keyboard.press('Enter');
			await rowOf(admin, needy).waitFor({ state: 'detached' });
			await rowOf(admin, id).waitFor();
			expect(new URL(admin.page.url()).hash).toMatch(/^#\/tasks\?state=open&owner=usr_/);
			await anna.post(`/tasks/${id}:cancel`);
			await main(admin).getByText('No task fits this filter').waitFor();
			await admin.page.goto(admin.url + consolePath('/tasks'));
			await rowOf(admin, needy).waitFor();
			const came = await submit({ parameters: { sleepMs: 3_000 } });
			await admin.button('1 new – show').click();
			// Nothing but updates tells that it has ended.
			await rowOf(admin, came).getByText('done').waitFor();
			expect(admin.faults).toEqual([]);
		});

		it('cancels all that fit across pages, as its button says, and takes that back', async () => {
			const ids = await batch(130, { routingKey: 'nobody.many', priority: 7 });
			await coordinator.api.post('/admin/queues', { name: 'many', bindingKeys: ['nobody.many'] });
			const admin = await openConsole(browser(), coordinator, { at: '/tasks' });
			await admin.page.getByLabel('Queue', { exact: true }).selectOption('many');
			await admin.page.getByText('100 and more').waitFor();
			await admin.button('Select all that fit').click();
			await admin.page.getByText('All that fit: queue many').waitFor();
			await admin.button('Cancel…').click();
			await admin.button('Cancel 130 tasks: queue many').click();
			await admin.page.getByText('130 tasks cancelled.').waitFor();
			expect(await detail(ids[0]!)).toMatchObject({ state: 'cancelled' });
			await admin.button('Undo').click();
			await admin.page.getByText('130 tasks put back.').waitFor();
			for (const id of [ids[0]!, ids.at(-1)!]) expect(await detail(id)).toMatchObject({ state: 'queued' });
			// The newest two, by hand.
			await rowOf(admin, ids[129]!).getByRole('checkbox').check();
			await rowOf(admin, ids[128]!).getByRole('checkbox').check();
			await admin.button('Hold 2').click();
			await admin.page.getByText('2 tasks held.').waitFor();
			await rowOf(admin, ids[129]!).getByText('held').waitFor();
			expect(admin.faults).toEqual([]);
		});
	});

	describe('a task', () => {
		it('says rule by rule why it does not run, and is steered', async () => {
			const admin = await openConsole(browser(), coordinator, { at: `/tasks/${needy}` });
			const { waitingBecause } = await detail(needy);
			await main(admin).getByText(waitingBecause!).waitFor();
			await main(admin).getByText('No node keeps: hardware').waitFor();
			const table = admin.page.getByRole('table', { name: 'Why it does not run' });
			const node = table.getByRole('row').filter({ hasText: 'lab-1' });
			await node.getByText('no: asks capture-card=1, has none').waitFor();
			expect(await node.getByText('yes', { exact: true }).count()).toBeGreaterThan(3);
			// It is idle: what it lacks is no matter of room.
			await table.getByRole('columnheader', { name: 'Has room' }).waitFor();
			expect(
				await node
					.locator('th, td')
					.nth(await headOf(table, 'Has room'))
					.textContent(),
			).toBe('yes');
			const { queue } = await detail(needy);
			await coordinator.api.post(`/admin/queues/${queue}:pause`, {});
			const steps = main(admin).locator('dd').getByRole('listitem');
			await steps.nth(1).waitFor();
			expect(await steps.allTextContents()).toEqual([
				'Resume the queue, or move the task to another.',
				'Add a node that has what it needs: the table says what is missing where.',
			]);
			await coordinator.api.post(`/admin/queues/${queue}:resume`, {});
			await steps.first().waitFor({ state: 'detached' });
			await main(admin).getByText('Add a node that has what it needs').waitFor();
			await admin.button('Boost').click();
			await admin.page.getByText('1 task boosted.').waitFor();
			await main(admin).getByText('boosted').first().waitFor();
			await admin.button('Move…').click();
			const dialog = admin.page.getByRole('dialog');
			await dialog.getByLabel('New routing key').fill('nowhere.at-all');
			await dialog.getByRole('button', { name: 'Move 1 task' }).click();
			await dialog.getByText(/reaches no queue/).waitFor();
			await dialog.getByLabel(/^Even if no queue/).check();
			await dialog.getByRole('button', { name: 'Move 1 task' }).click();
			await admin.page.getByText('1 task moved.').waitFor();
			await main(admin).getByText('Bind a queue to its routing key').waitFor();
			await admin.button('Tell the story').click();
			await admin.page.getByRole('heading', { level: 3 }).first().waitFor();
			expect(admin.faults).toEqual([]);
		});

		it('shows what it logged as text, with what does not show made visible', async () => {
			const admin = await openConsole(browser(), coordinator, { at: `/tasks/${noisy}` });
			const log = admin.page.getByRole('region', { name: 'Log', exact: true });
			await log.getByText('\\x1b[2J\\x1b[31m<img src=x onerror="document.title=1">').first().waitFor();
			expect(await admin.page.locator('main img').count()).toBe(0);
			expect(await admin.page.title()).toBe('noisy task · Millrace');
		});
	});

	it('leads from what is quarantined to its cause and runs it again, or discards it', async () => {
		const causes = async () => (await coordinator.api.get<Quarantine>('/admin/quarantine')).groups;
		const poison = (await causes()).find(({ type }) => type === 'poison')!;
		const admin = await openConsole(browser(), coordinator, { at: '/quarantine' });
		const cause = admin.page.getByRole('listitem', { name: /^poison: worker-lost/ });
		await cause.getByRole('button', { name: 'Evidence' }).click();
		await cause.getByText('lost', { exact: true }).nth(2).waitFor();
		await cause.getByRole('link', { name: '2 tasks' }).click();
		for (const id of poison.sampleTasks) await rowOf(admin, id).waitFor();
		await admin.page.getByText('2 tasks', { exact: true }).waitFor();
		// Nobody runs it a second time: it is about the way there.
		await agent.signal('SIGSTOP');
		await admin.page.goBack();
		await cause.getByRole('button', { name: 'Replay one' }).click();
		await admin.page.getByText('1 task queued again.').waitFor();
		await cause.getByRole('link', { name: '1 task' }).waitFor();
		const again = await detail(poison.sampleTasks[0]!);
		expect(again).toMatchObject({ finishedAt: null, error: null });
		await coordinator.api.post(`/tasks/${again.id}:cancel`);
		await agent.signal('SIGCONT');
		await cause.getByRole('button', { name: 'Discard…' }).click();
		const dialog = admin.page.getByRole('dialog');
		expect(await dialog.getByRole('button', { name: 'Discard 1 task' }).isDisabled()).toBe(true);
		await dialog.getByLabel('Type worker-lost to confirm').fill('worker-lost');
		await dialog.getByRole('button', { name: 'Discard 1 task' }).click();
		await admin.page.getByText('1 task discarded.').waitFor();
		await cause.waitFor({ state: 'detached' });
		expect((await causes()).map(({ type }) => type)).toEqual(['noisy']);
		expect(await detail(poison.sampleTasks[1]!)).toMatchObject({ state: 'quarantined' });
		expect(admin.faults).toEqual([]);
	});

	it('is accessible in every look', async () => {
		const admin = await openConsole(browser(), coordinator);
		/** What was opened in another look is closed again. */
		const anew = (act: (portal: Portal) => Promise<unknown>) => async (portal: Portal) => {
			await portal.page.reload();
			await act(portal);
		};
		const click = (portal: Portal, name: string | RegExp) => portal.button(name).first().click();
		const screens: Screen[] = [
			{ name: 'tasks', path: () => consolePath('/tasks?state=failed'), sign: /exit code 3/ },
			{
				name: 'tasks, all filters',
				path: () => consolePath('/tasks?state=failed&node=lab-1'),
				sign: 'Submitted before',
			},
			{
				name: 'tasks, none fit',
				path: () => consolePath('/tasks?type=md5&state=running'),
				sign: 'No task fits this filter',
			},
			{
				...{ name: 'tasks, dialog', path: () => consolePath('/tasks?type=needy'), sign: 'no input' },
				act: anew(async (portal) => {
					await click(portal, 'Select all that fit');
					await click(portal, 'Move…');
					await portal.page.getByRole('button', { name: 'Move 1 task: type needy' }).waitFor();
				}),
			},
			{ name: 'task, waiting', path: () => consolePath(`/tasks/${needy}`), sign: 'Could run it' },
			{ name: 'task, failed', path: () => consolePath(`/tasks/${noisy}`), sign: /onerror/ },
			{ name: 'no such task', path: () => consolePath('/tasks/tsk_nope'), sign: 'There is no such task' },
			{
				...{ name: 'quarantine', path: () => consolePath('/quarantine'), sign: 'Replay one' },
				act: anew(async (portal) => {
					const noise = portal.page.getByRole('listitem', { name: /^noisy/ });
					await noise.getByRole('button', { name: 'Evidence' }).click();
					await portal.page
						.getByText(/onerror/)
						.first()
						.waitFor();
				}),
			},
			{
				...{ name: 'discard', path: () => consolePath('/quarantine'), sign: 'Replay one' },
				act: anew(async (portal) => {
					await click(portal, 'Discard…');
					await portal.page.getByLabel(/to confirm$/).waitFor();
				}),
			},
			{
				name: 'quarantine, none fit',
				path: () => consolePath('/quarantine?q=nonsense'),
				sign: 'No cause fits this filter',
			},
		];
		expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
	});
});
