import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CodesOf } from '../../support/codes.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { browserForTests, type Portal } from '../portal.ts';
import { troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath, openConsole } from './console.ts';

const PASSWORD = 'a password of some length';
const MIRA = { username: 'mira', password: PASSWORD };
const NOOR = { username: 'noor', password: PASSWORD };

const browser = browserForTests();
let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
	for (const who of [MIRA, NOOR]) await coordinator.api.post('/admin/users', { ...who, role: 'administrator' });
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

/** Everybody has shown the password a long time ago. */
const ageSessions = async (): Promise<void> => {
	await coordinator.stop();
	const db = new Database(join(coordinator.data, 'ledger.db'));
	db.prepare('UPDATE sessions SET confirmed_at = 1').run();
	db.close();
	await coordinator.restart();
};

const field = ({ page }: Portal, label: string) => page.getByLabel(label, { exact: true });

const showPassword = async (person: Portal, { username, password } = MIRA): Promise<void> => {
	await field(person, 'Name').fill(username);
	await field(person, 'Password').fill(password);
	await person.button('Sign in').click();
};

const signOut = async (person: Portal): Promise<void> => {
	await person.button(/^Account menu/).click();
	await person.button('Sign out').click();
	await field(person, 'Name').waitFor();
};

/** Goes through the set-up as it stands on the page; the app, and the recovery codes. */
const setUp = async (person: Portal) => {
	const { page } = person;
	await person.button('Set up').click();
	await page.getByRole('img', { name: 'The picture to scan' }).waitFor();
	const app = new CodesOf((await page.locator('form code').textContent()) ?? '');
	await field(person, 'Code that the app shows').fill(app.next());
	await person.button('Turn on').click();
	await page.getByText('Keep these recovery codes').waitFor();
	const codes = await page.getByRole('listitem').locator('code').allInnerTexts();
	expect(codes).toHaveLength(10);
	await person.button('I have kept them').click();
	return { app, codes };
};

it('asks for a code at sign-in once it was set up, or for a recovery code, and for both again before much is done', async () => {
	const mira = await openConsole(browser(), coordinator, { at: '/account', signedIn: false });
	const { page } = mira;
	await showPassword(mira);
	await page.getByText('Sign-ins need the password alone').waitFor();
	const { app, codes } = await setUp(mira);
	await page.getByText('10 recovery codes left').waitFor();

	await signOut(mira);
	await showPassword(mira);
	await field(mira, 'Code').fill(app.next());
	await mira.button('Sign in').click();
	await mira.button(/^Account menu/).waitFor();

	await signOut(mira);
	await showPassword(mira);
	await mira.button('Use a recovery code').click();
	await field(mira, 'Recovery code').fill(codes[0] as string);
	await mira.button('Sign in').click();
	await mira.button(/^Account menu/).waitFor();
	await mira.go(consolePath('/account'));
	await page.getByText('9 recovery codes left').waitFor();

	await ageSessions();
	await mira.button('New recovery codes').click();
	await mira.button('Make new ones').click();
	const question = page.getByRole('dialog', { name: 'Is it you?' });
	await question.getByLabel('Password', { exact: true }).press('Escape');
	// What was refused says so, and the dialog that asked for it is still there.
	await page.getByText('Confirm your password first').waitFor();
	await mira.button('Make new ones').click();
	await question.getByLabel('Password', { exact: true }).fill(PASSWORD);
	await question.getByRole('button', { name: 'Confirm' }).click();
	await question.getByLabel('Code', { exact: true }).fill(codes[1] as string);
	await question.getByRole('button', { name: 'Confirm' }).click();
	await page.getByText('Keep these recovery codes').waitFor();
	expect(await page.getByRole('listitem').locator('code').allInnerTexts()).not.toContain(codes[2]);
	await mira.button('I have kept them').click();
	await page.getByText('10 recovery codes left').waitFor();

	// It is checked once the server has said so.
	await page.getByRole('checkbox', { name: 'Administrators' }).click();
	await page.getByText('The rule has changed').waitFor();
	expect(mira.faults).toEqual([]);
});

it('lets an administrator without a second factor do nothing but set one up where the role needs it', async () => {
	const noor = await openConsole(browser(), coordinator, { signedIn: false });
	await showPassword(noor, NOOR);
	await noor.page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
	expect(await noor.page.getByRole('navigation').count()).toBe(0);
	await noor.go(consolePath('/account'));
	await noor.page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
	expect(
		await troubleOn(
			noor,
			[{ name: 'enrolment', path: () => consolePath('/account'), sign: 'Set up a second factor' }],
			CONSOLE_LOOKS,
		),
	).toEqual([]);
	await setUp(noor);
	await noor.page.getByRole('heading', { name: 'Account', exact: true }).waitFor();
	await coordinator.api.json('PUT', '/admin/settings/second-factor', { roles: [] });
});

it('is accessible in every look', async () => {
	const admin = await openConsole(browser(), coordinator, { at: '/account' });
	const { page } = admin;
	/** A dialog or a step that was open before would be in the way. */
	const anew = async () => {
		await page.reload();
		await page.getByText('Sign-ins need the password alone').waitFor();
	};
	const beginning = async () => {
		await anew();
		await admin.button('Set up').click();
		await page.getByRole('img', { name: 'The picture to scan' }).waitFor();
	};
	const refused = async () => {
		await anew();
		const problem = { status: 403, code: 'reauth-required', title: 'Confirm your password first' };
		const answer = { status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) };
		await page.route('**/api/v1/me/second-factor', (route) => route.fulfill(answer), { times: 1 });
		await admin.button('Set up').click();
		await page.getByRole('dialog').getByLabel('Password', { exact: true }).waitFor();
	};
	const account = { path: () => consolePath('/account'), sign: 'A code of an app on your phone' };
	const screens = [
		{ ...account, name: 'account' },
		{ ...account, name: 'setting up', act: beginning },
		{ ...account, name: 'fresh sign-in', act: refused },
	];
	expect(await troubleOn(admin, screens, CONSOLE_LOOKS)).toEqual([]);
	expect(admin.faults).toEqual([]);

	const mira = await openConsole(browser(), coordinator, { signedIn: false, at: '/sign-in' });
	await showPassword(mira);
	await field(mira, 'Code').waitFor();
	const code = { name: 'code', path: () => consolePath('/sign-in'), sign: 'Your authenticator app shows it' };
	expect(await troubleOn(mira, [code], CONSOLE_LOOKS)).toEqual([]);
});
