import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActView } from '../../../shared/protocol/act.ts';
import { healthViewSchema } from '../../../shared/protocol/health.ts';
import type { QueueDetail } from '../../../shared/protocol/queue.ts';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { dialogOf, troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent | undefined;
beforeAll(async () => {
	coordinator = await startCoordinator();
	for (const name of ['yard', 'odd']) {
		await coordinator.api.post('/admin/queues', { name, bindingKeys: [`${name}.#`] });
	}
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const submit = (routingKey: string, count: number) =>
	coordinator.api.post('/tasks:batch', { tasks: Array(count).fill({ type: 'noop', routingKey }) });
const problems = ({ page }: Portal) => page.getByRole('region', { name: 'Problems' });
/** One of the numbers at the top, by what it counts. */
const number = ({ page }: Portal, name: string) =>
	page
		.locator('dl > div')
		.filter({ has: page.getByText(name, { exact: true }) })
		.locator('dd');
/** As the checks are once a pause has lasted: the coordinator gives it two minutes. */
const seeLongPause = ({ page }: Portal, queue: string) =>
	page.route('**/api/v1/admin/health', async (route) => {
		const view = healthViewSchema.parse(await (await route.fetch()).json());
		const { paused, by, reason } = await coordinator.api.get<QueueDetail>(`/admin/queues/${queue}`);
		const told = {
			...{ state: 'warn', what: `Tasks wait in paused queues: ${queue} (for 3 min, 2 in line).` },
			...{ do: `${by} paused ${queue}: “${reason}”.`, about: { queues: [queue] } },
		};
		const checks = view.checks.map((check) =>
			paused && check.name === 'queues-paused' ? { ...check, ...told } : check,
		);
		await route.fulfill({ json: { ...view, checks } });
	});
const newestAct = async () => (await coordinator.api.get<{ items: ActView[] }>('/admin/acts?limit=1')).items[0];

it('a queue jams: the overview tells and leads there, the queue says why, a node mends it', async () => {
	await submit('yard.x', 3);
	const admin = await openConsole(browser(), coordinator);
	const { page } = admin;
	const problem = problems(admin).getByRole('listitem').filter({ hasText: 'No connected node serves yard' });
	await problem.getByText('3 in line').waitFor();
	expect(await problem.getByRole('link', { name: 'Add a node' }).getAttribute('href')).toBe('#/nodes/add?queues=yard');
	await problem.getByRole('link', { name: 'Add a node' }).click();
	await page.locator('#content').getByText('yard', { exact: true }).waitFor();
	await page.goBack();
	await number(admin, 'In line').getByText('3', { exact: true }).waitFor();
	await problem.getByRole('link', { name: 'Why yard waits' }).click();
	await page.getByRole('heading', { name: 'yard' }).waitFor();
	const why = page.getByRole('listitem').filter({ hasText: 'the first of them' });
	await why.getByText('3 tasks').waitFor();
	expect(await why.textContent()).toMatch(/serves queue yard/);
	await page.getByRole('table', { name: 'In line', exact: true }).getByText('noop').first().waitFor();

	agent = await startAgent(coordinator, { name: 'mender', queues: ['normal', 'yard'] });
	await page.getByText('Nothing is in line.').waitFor();
	await page.getByRole('link', { name: 'mender' }).waitFor();
	await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Overview' }).click();
	await page.getByText(/All \d+ checks are well/).waitFor();
	await number(admin, 'Nodes up').getByText('1 / 1').waitFor();
	expect(admin.faults).toEqual([]);
});

describe('an operator', () => {
	it('pauses and takes that back; what waits behind a pause is told with the way on', async () => {
		const admin = await openConsole(browser(), coordinator, { at: '/queues' });
		const { page } = admin;
		await admin.live();
		await admin.button('Pause yard').click();
		await admin.row('yard').getByText('paused').waitFor();
		await admin.button('Undo').click();
		await page.getByText('It is as it was before.').waitFor();
		await admin.row('yard').getByText('open').waitFor();
		expect(await newestAct()).toMatchObject({ verb: 'queue.pause.undo' });

		// What somebody else does shows by itself.
		await coordinator.api.post('/admin/queues/yard:pause', { reason: 'new disks' });
		await admin.row('yard').getByText('paused').waitFor();
		await submit('yard.x', 2);
		await seeLongPause(admin, 'yard');
		await page.getByRole('link', { name: 'Overview', exact: true }).click();
		const problem = problems(admin).getByRole('listitem').filter({ hasText: 'yard (for 3 min, 2 in line)' });
		await problem.getByText('admin paused yard: “new disks”').waitFor();
		await problem.getByRole('button', { name: 'Resume yard' }).click();
		await page.getByText(/All \d+ checks are well/).waitFor();
		await number(admin, 'In line').getByText('0', { exact: true }).waitFor();
		expect(admin.faults).toEqual([]);
	});

	it('tells what each queue binds, of many the first two and how many more', async () => {
		const bindingKeys = ['many.a', 'many.b', 'many.c.#', 'many.d', 'many.e'];
		await coordinator.api.post('/admin/queues', { name: 'many', bindingKeys });
		const admin = await openConsole(browser(), coordinator, { at: '/queues' });
		await admin.row('many').getByText('many.a, many.b +3').waitFor();
		await admin.row('yard').getByText('yard.#').waitFor();
		expect(admin.faults).toEqual([]);
		await coordinator.api.raw('DELETE', '/api/v1/admin/queues/many');
	});

	it('learns where a routing key leads, and who serves it', async () => {
		const { page } = await openConsole(browser(), coordinator, { at: '/queues' });
		await page.getByLabel('Routing key').fill('yard.deep.er');
		await page.getByText('reaches yard by yard.#.').waitFor();
		await page.getByText('Served by mender.').waitFor();
		await page.getByLabel('Routing key').fill('nobody.knows');
		await page.getByText('reaches no queue.').waitFor();
		expect(page.url()).toContain('key=nobody.knows');
		await page.getByLabel('Routing key').fill('not a key');
		await page.getByText('Words of letters, digits').waitFor();
		await page.getByText('reaches no queue.').waitFor({ state: 'detached' });
	});
});

describe('an administrator', () => {
	it('makes a queue for tasks that reach none, and purges it by typing its name', async () => {
		await submit('stray.key', 2);
		const admin = await openConsole(browser(), coordinator);
		const { page } = admin;
		await problems(admin).getByRole('link', { name: 'Make a queue for them' }).click();
		const dialog = page.getByRole('dialog');
		expect(await dialog.getByLabel('Binding keys').inputValue()).toBe('stray.#');
		await dialog.getByLabel('Name').fill('stray');
		await dialog.getByRole('button', { name: 'Make the queue' }).click();
		await dialog.waitFor({ state: 'detached' });
		const row = admin.row('stray');
		await row.getByText('stuck').waitFor();
		await row.getByRole('link', { name: 'stray' }).click();

		await admin.button('More for stray').click();
		await page.getByRole('menuitem', { name: 'Purge' }).click();
		await dialog.getByText('all 2 tasks').waitFor();
		const purge = dialog.getByRole('button', { name: 'Cancel 2 tasks' });
		await dialog.getByLabel('Type stray to confirm').fill('normal');
		expect(await purge.isDisabled()).toBe(true);
		await dialog.getByLabel('Type stray to confirm').fill('stray');
		await purge.click();
		await page.getByText('2 tasks cancelled.').waitFor();
		await page.getByText('Nothing is in line.').waitFor();
		expect(await newestAct()).toMatchObject({ verb: 'queue.purge', object: 'stray', changed: 2 });
		expect(admin.faults).toEqual([]);
	});

	it('moves what stands in a queue to another, and takes that back', async () => {
		await coordinator.api.post('/admin/queues/yard:pause', {});
		await submit('yard.x', 2);
		const admin = await openConsole(browser(), coordinator, { at: '/queues/yard' });
		const { page } = admin;
		await admin.button('More for yard').click();
		await page.getByRole('menuitem', { name: 'Move its tasks' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('New routing key').fill('odd.other');
		await dialog.getByText('reaches odd by odd.#.').waitFor();
		await dialog.getByRole('button', { name: 'Move 2 tasks' }).click();
		await page.getByText('2 tasks moved.').waitFor();
		await number(admin, 'In line').getByText('0', { exact: true }).waitFor();
		await admin.button('Undo').click();
		await number(admin, 'In line').getByText('2', { exact: true }).waitFor();
		await admin.button('Resume yard').click();
		await number(admin, 'In line').getByText('0', { exact: true }).waitFor();
	});
});

it('is accessible in every look, full, empty and with its dialogs', async () => {
	await submit('odd.key', 3);
	const admin = await openConsole(browser(), coordinator);
	const menu = async (item: string, sign: string) => {
		// The address is the same for each of them: what is open stays open.
		await admin.page.keyboard.press('Escape');
		await admin.page.getByRole('dialog').waitFor({ state: 'detached' });
		await admin.button('More for odd').click();
		await admin.page.getByRole('menuitem', { name: item }).click();
		await admin.page.getByRole('dialog').getByText(sign).first().waitFor();
	};
	const screens = [
		{ name: 'overview', path: () => consolePath('/'), sign: /^Put in line:/ },
		{ name: 'queues', path: () => consolePath('/queues'), sign: 'odd' },
		{ name: 'no queue fits', path: () => consolePath('/queues?q=zzz'), sign: 'No queue fits' },
		{ name: 'new queue', path: () => consolePath('/queues'), sign: 'odd', act: dialogOf('New queue', 'Name') },
		{ name: 'a queue', path: () => consolePath('/queues/odd?key=odd.key'), sign: 'reaches odd by' },
		{
			...{ name: 'purge', path: () => consolePath('/queues/odd'), sign: 'Why it waits' },
			act: () => menu('Purge', 'all 3 tasks'),
		},
		{
			...{ name: 'move', path: () => consolePath('/queues/odd'), sign: 'Why it waits' },
			act: () => menu('Move its tasks', '3 tasks that do not run'),
		},
		{ name: 'no such queue', path: () => consolePath('/queues/none'), sign: 'There is no such queue' },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});
