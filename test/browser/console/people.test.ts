import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient } from '../../../shared/client/http-client.ts';
import { LiveClient } from '../../../shared/client/live-client.ts';
import { beginSecondFactor, confirmSecondFactor } from '../../../shared/client/second-factor.ts';
import { readMe, signIn, signInForCookie } from '../../../shared/client/session.ts';
import { submitTask } from '../../../shared/client/tasks.ts';
import { createToken } from '../../../shared/client/tokens.ts';
import { CodesOf } from '../../support/codes.ts';
import { type RunningAgent, startAgent } from '../../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { waitFor } from '../../support/wait-for.ts';
import { browserForTests, Portal } from '../portal.ts';
import { dialogOf, troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const PASSWORD = 'a heron that reads signs';
const MONTH = new Date().toISOString().slice(0, 7);

const browser = browserForTests();
let coordinator: RunningCoordinator;
let agent: RunningAgent;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator, { name: 'lab-1' });
	await coordinator.api.post('/admin/price-book', { currency: 'EUR', prices: { attempt: 2_000_000 } });
	await coordinator.api.post('/admin/groups', { name: 'lab' });
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
});

const addPerson = async (username: string): Promise<string> => {
	const { id } = await coordinator.api.post<{ id: string }>('/admin/users', { username, password: PASSWORD });
	return id;
};

/** Something that is waited for until it is told. */
const signal = () => {
	let tell = (): void => {};
	const told = new Promise<void>((resolve) => {
		tell = resolve;
	});
	return { tell, told };
};

/** What is open from before is closed first: a screen's address alone does not do that. */
const afresh = (act: (portal: Portal) => Promise<void>) => async (portal: Portal) => {
	await portal.page.reload();
	await act(portal);
};

/** The sum that a page shows. */
const totalOn = ({ page }: Portal) => page.locator('[data-total]').textContent();

it('invites somebody, who chooses a password elsewhere and is in; who is disabled is out at once', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/users' });
	const { page } = admin;
	await admin.button('Invite somebody').click();
	const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
	await dialog.getByLabel('Name').fill('ada');
	await dialog.getByRole('button', { name: 'Make the link' }).click();
	const link = (await dialog.locator('code').textContent()) ?? '';
	await dialog.getByRole('button', { name: 'I have copied it' }).click();
	await admin.row('ada').getByText('invited').waitFor();

	const ada = await Portal.open(browser(), coordinator, { signedIn: false, at: link.slice(coordinator.url.length) });
	await ada.page.getByRole('heading', { name: 'Welcome, ada' }).waitFor();
	await ada.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await ada.button('Choose this password').click();
	await ada.button('Account menu of ada').waitFor();
	await ada.live();

	// It was good once.
	const late = await Portal.open(browser(), coordinator, { signedIn: false, at: link.slice(coordinator.url.length) });
	await late.page.getByText('This link is not good any more').waitFor();

	await page.getByRole('link', { name: 'ada' }).click();
	await page.getByRole('heading', { name: 'ada' }).waitFor();
	await admin.button('Disable').click();
	await ada.page.getByText('Your session has ended').waitFor();
	await admin.button('Undo').click();
	await admin.button('Disable').waitFor();
	expect([admin.faults, ada.faults]).toEqual([[], []]);
});

it('revokes a stolen token, and its holder is cut off: what is open ends, and nothing more is answered', async () => {
	const id = await addPerson('bo');
	const bo = await Portal.open(browser(), coordinator, { signedIn: false, at: '/sign-in' });
	await bo.signIn({ username: 'bo', password: PASSWORD });
	const cookie = (await bo.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
	const http = new HttpClient({ baseUrl: coordinator.url, auth: { kind: 'cookie', cookie } });
	const { token } = await createToken(http, { name: 'stolen' });
	const auth = { kind: 'token', token } as const;
	const thief = new HttpClient({ baseUrl: coordinator.url, auth });
	expect((await readMe(thief)).username).toBe('bo');
	const told: string[] = [];
	const [open, cutOff] = [signal(), signal()];
	using _listening = new LiveClient({
		...{ baseUrl: coordinator.url, auth, topics: ['tasks'], onPatch: () => {}, onResync: () => {} },
		onState: (state) => {
			told.push(state);
			if (state === 'live') open.tell();
			if (state === 'signed-out') cutOff.tell();
		},
	});
	await open.told;

	const admin = await openConsole(browser(), coordinator, { at: `/users/${id}` });
	await admin.button('End API token stolen').click();
	await cutOff.told;
	await expect(readMe(thief)).rejects.toMatchObject({ code: 'unauthenticated' });
	expect(told.at(-1)).toBe('signed-out');
	await admin.button('End API token stolen').waitFor({ state: 'detached' });
	// The owner is not shut out with the thief; ending the session is another act.
	expect((await readMe(http)).username).toBe('bo');
	await admin.button(/^End Session/).click();
	await bo.page.getByText('Your session has ended').waitFor();
	expect(admin.faults).toEqual([]);
});

it('takes a second factor away from who has lost it, once their name is typed: they are out, told, and in by the password', async () => {
	const id = await addPerson('cleo');
	const who = { username: 'cleo', password: PASSWORD };
	const anybody = new HttpClient({ baseUrl: coordinator.url, auth: { kind: 'none' } });
	const http = new HttpClient({
		baseUrl: coordinator.url,
		auth: { kind: 'cookie', cookie: await signInForCookie(anybody, who) },
	});
	const app = new CodesOf((await beginSecondFactor(http)).secret);
	await confirmSecondFactor(http, app.next());
	await expect(signIn(anybody, who)).rejects.toMatchObject({ code: 'second-factor-required' });

	const admin = await openConsole(browser(), coordinator, { at: `/users/${id}` });
	const { page } = admin;
	await admin.button('Reset the second factor').click();
	const dialog = page.getByRole('dialog', { name: 'Take away the second factor of cleo?' });
	const act = dialog.getByRole('button', { name: 'Take it away' });
	await expect.poll(() => act.isDisabled()).toBe(true);
	await dialog.getByLabel('Type cleo to confirm').fill('cleo');
	await act.click();
	await admin.button('Reset the second factor').waitFor({ state: 'detached' });
	await page.getByText('cleo signs in with the password alone, and is told so').waitFor();
	await expect(readMe(http)).rejects.toMatchObject({ code: 'unauthenticated' });
	const cookie = await signInForCookie(anybody, who);
	const again = new HttpClient({ baseUrl: coordinator.url, auth: { kind: 'cookie', cookie } });
	const told = await again.json(
		'GET',
		'/api/v1/notices',
		z.object({ items: z.array(z.object({ title: z.string() })) }),
	);
	expect(told.items[0]?.title).toBe('Your second factor was taken away');
	const audit = await coordinator.api.get<{ items: { object: string; outcome: string }[] }>(
		'/admin/audit?action=second-factor.reset',
	);
	expect(audit.items).toMatchObject([{ object: id, outcome: 'done' }]);
	expect(admin.faults).toEqual([]);
});

it('leads from what a person used down to the task, and states what it comes to', async () => {
	const { api } = coordinator;
	const { id } = await api.post<{ id: string }>('/tasks', { type: 'noop' });
	await waitFor(
		'the task to be done',
		async () => (await api.get<{ state: string }>(`/tasks/${id}`)).state === 'succeeded',
	);
	const admin = await openConsole(browser(), coordinator, { at: '/usage' });
	const { page } = admin;
	await page.getByRole('link', { name: 'admin', exact: true }).click();
	await page.getByRole('columnheader', { name: 'Task type' }).waitFor();
	const total = await totalOn(admin);
	expect(total).toBe('2.00 EUR');
	await page.getByRole('link', { name: 'noop' }).click();
	await page.getByRole('link', { name: 'lab-1' }).click();
	await page.getByLabel('Told apart by').selectOption('Single records');
	await page.getByRole('link', { name: `${id.slice(-8)} #1` }).waitFor();
	expect(new URLSearchParams(page.url().split('?')[1]).get('type')).toBe('noop');

	await admin.button('Correct what somebody owes').click();
	const dialog = page.getByRole('dialog', { name: 'Correct what somebody owes' });
	await dialog.getByLabel('Amount').fill('-0.5');
	await dialog.getByLabel('Reason').fill('The node was slow');
	await dialog.getByRole('button', { name: 'Add the correction' }).click();
	await page.getByText(/^Record \d+ is added/).waitFor();

	await admin.go(consolePath('/statements'));
	await page.getByRole('heading', { name: 'What it was used for' }).waitFor();
	expect(await totalOn(admin)).toBe('1.50 EUR');
	const download = page.waitForEvent('download');
	await page.getByRole('link', { name: 'JSON' }).click();
	const statement = JSON.parse(await readFile(await (await download).path(), 'utf8'));
	expect([statement.month, statement.total.amountMicro]).toEqual([MONTH, 1_500_000]);
	expect(admin.faults).toEqual([]);
});

it('says which tasks a budget holds while it has room left, and leads from one of them to it', async () => {
	const person = await addPerson('hedy');
	const anybody = new HttpClient({ baseUrl: coordinator.url, auth: { kind: 'none' } });
	const cookie = await signInForCookie(anybody, { username: 'hedy', password: PASSWORD });
	const hedy = new HttpClient({ baseUrl: coordinator.url, auth: { kind: 'cookie', cookie } });
	const { id: budget } = await coordinator.api.post<{ id: string }>('/admin/budgets', {
		...{ owner: { person }, amountMicro: 3_000_000 },
	});
	const held: string[] = [];
	for (let i = 0; i < 3; i += 1) held.push((await submitTask(hedy, { type: 'noop', routingKey: 'nobody.x' })).id);
	const admin = await openConsole(browser(), coordinator, { at: '/budgets' });
	const row = admin.row('hedy');
	await row.getByText('Holds tasks').waitFor();
	await row.getByRole('link', { name: '2 tasks that the budget of hedy holds' }).click();
	await admin.page.getByText('2 tasks', { exact: true }).waitFor();
	await admin.page.locator(`[data-row="${held[2]}"]`).waitFor();
	await admin.page.getByText('Waiting for one budget').waitFor();
	await admin.go(consolePath(`/tasks/${held[1]}`));
	await admin.page.getByRole('link', { name: 'budget of hedy' }).click();
	await admin.button('Change the budget of hedy').waitFor();
	await admin.page.getByText('One budget: show all').waitFor();
	expect(admin.faults).toEqual([]);
	await coordinator.api.raw('DELETE', `/api/v1/admin/budgets/${budget}`);
});

it('sets a budget, tops it up, and takes it away until that is undone; sets prices from then on', async () => {
	// Prices want a password that was shown lately.
	const admin = await openConsole(browser(), coordinator, { at: '/budgets', alone: true });
	const { page } = admin;
	await admin.button('Set a budget').first().click();
	const dialog = page.getByRole('dialog');
	await dialog.getByText('A group').click();
	await dialog.getByLabel('Group', { exact: true }).selectOption('lab');
	await dialog.getByLabel('A month').fill('12.50');
	await dialog.getByRole('button', { name: 'Set it' }).click();
	await admin.row('the group lab').getByText('12.50 EUR').first().waitFor();
	await admin.button('Change the budget of the group lab').click();
	await dialog.getByRole('button', { name: '+ 10 EUR' }).click();
	await dialog.getByRole('button', { name: 'Set it' }).click();
	await admin.row('the group lab').getByText('22.50 EUR').first().waitFor();
	await admin.button('Remove the budget of the group lab').click();
	await page.getByText('Nothing is limited yet').waitFor();
	await admin.button('Undo').click();
	await admin.row('the group lab').waitFor();

	await admin.go(consolePath('/prices/new'));
	await page.getByLabel('CPU, a second').fill('0.00002');
	await admin.button('Set these prices').click();
	await page.getByRole('heading', { name: 'Version 2' }).waitFor();
	await admin.row('CPU, a second').getByText('0.000020 EUR').waitFor();
	expect(admin.faults).toEqual([]);
});

it('is accessible in every look, full, empty and asking', async () => {
	const admin = await openConsole(browser(), coordinator);
	const id = await addPerson('cy');
	const screens = [
		{ name: 'users', path: () => consolePath('/users'), sign: 'Invite somebody' },
		{ name: 'no users', path: () => consolePath('/users?name=zzz'), sign: 'Nobody fits this filter' },
		{
			...{ name: 'invite', path: () => consolePath('/users'), sign: 'Invite somebody' },
			act: afresh(dialogOf('Invite somebody', 'Name')),
		},
		{ name: 'user', path: () => consolePath(`/users/${id}`), sign: 'Signed in, and by what else' },
		{ name: 'no such user', path: () => consolePath('/users/usr_0'), sign: 'There is no such user' },
		{ name: 'usage', path: () => consolePath('/usage'), sign: 'Time in slots' },
		{ name: 'no usage', path: () => consolePath('/usage?type=md5'), sign: 'Nothing fits' },
		{ name: 'faulty usage', path: () => consolePath('/usage?node=nod_0'), sign: 'The usage cannot be shown' },
		{ name: 'records', path: () => consolePath('/usage?by=record'), sign: 'Notes' },
		{ name: 'prices', path: () => consolePath('/prices'), sign: 'Counts now' },
		{ name: 'new prices', path: () => consolePath('/prices/new'), sign: 'Factors of service classes' },
		{ name: 'budgets', path: () => consolePath('/budgets'), sign: 'Set a budget' },
		{
			...{ name: 'new budget', path: () => consolePath('/budgets'), sign: 'Set a budget' },
			act: afresh(dialogOf('Set a budget', 'A month')),
		},
		{ name: 'statements', path: () => consolePath('/statements'), sign: 'By person' },
		{ name: 'no statement', path: () => consolePath('/statements?month=2024-01'), sign: 'Nothing was used' },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
});
