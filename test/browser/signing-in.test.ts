import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtFile } from '../support/repository.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { TestProcess } from '../support/test-process.ts';
import { browserForTests, Portal } from './portal.ts';

const browser = browserForTests();
let coordinator: RunningCoordinator;
beforeAll(async () => {
	coordinator = await startCoordinator();
});
afterAll(() => coordinator?.[Symbol.asyncDispose]());

describe('set-up', () => {
	it('makes the first administrator with the link that the coordinator prints, once', async () => {
		const folder = new TempFolder();
		const args = [builtFile('coordinator/main.js'), 'start', '--port', '0', '--data', join(folder.path, 'data')];
		const fresh = new TestProcess('coordinator', [process.execPath, ...args]);
		onTestFinished(async () => {
			await fresh.kill();
			await folder[Symbol.asyncDispose]();
		});
		const link = (await fresh.line(/set up: (\S+)/))[1] as string;
		const context = await browser().newContext();
		onTestFinished(() => context.close());
		const page = await context.newPage();
		const other = await (await browser().newContext()).newPage();
		onTestFinished(() => other.context().close());
		await other.goto(link);
		await other.getByRole('heading', { name: 'Welcome to Millrace' }).waitFor();

		await page.goto(link);
		await page.getByLabel('Name', { exact: true }).fill('ada');
		await page.getByLabel('Password', { exact: true }).fill('short');
		await page.getByText('Still too short').waitFor();
		await page.getByLabel('Password', { exact: true }).fill('a password of some length');
		await page.getByRole('button', { name: 'Make the account' }).click();
		await page.getByRole('button', { name: 'Account menu of ada' }).waitFor();
		expect(new URL(page.url()).pathname).toBe('/files');
		expect(page.url()).not.toContain(link.split('#')[1]);

		// Whoever has the form open hears of it on sending; whoever opens the link from now on at once.
		await other.getByLabel('Password', { exact: true }).fill('a password of some length');
		await other.getByRole('button', { name: 'Make the account' }).click();
		await other
			.getByRole('alert')
			.filter({ hasText: /used already|wrong/ })
			.first()
			.waitFor();
		await other.goto('about:blank');
		await other.goto(link);
		await other.getByRole('heading', { name: 'Millrace is set up already' }).waitFor();
		expect(await other.getByRole('textbox').count()).toBe(0);
		await other.getByRole('link', { name: 'Go to sign-in' }).click();
		await other.getByRole('button', { name: 'Sign in' }).waitFor();
	});

	it('shows its form when the server does not say whether it is needed', async () => {
		const portal = await Portal.open(browser(), coordinator, { signedIn: false });
		await portal.page.route('**/api/v1/setup', (route) => route.abort());
		await portal.go('/setup');
		await portal.page.getByLabel('Set-up token').waitFor();
	});
});

describe('signing in', () => {
	it('asks the server for nothing that it must refuse, neither before nor after', async () => {
		const portal = await Portal.open(browser(), coordinator, { signedIn: false });
		const refused: string[] = [];
		portal.page.on('response', (answer) => {
			if (answer.status() >= 400) refused.push(`${answer.status()} ${answer.url()}`);
		});
		await portal.go('/tasks');
		await portal.signIn();
		await portal.page.reload();
		await portal.live();
		await portal.button(/Account menu/).click();
		await portal.button('Sign out').click();
		await portal.button('Sign in').waitFor();
		await portal.page.reload();
		await portal.button('Sign in').waitFor();
		expect(refused).toEqual([]);
	});

	it('lasts where the browser remembers nothing but the cookie', async () => {
		const portal = await Portal.open(browser(), coordinator, { signedIn: false });
		await portal.page.addInitScript(() => {
			Object.defineProperty(globalThis, 'localStorage', {
				get: () => {
					throw new DOMException('forbidden', 'SecurityError');
				},
			});
		});
		await portal.go('/files');
		await portal.signIn();
		await portal.page.reload();
		await portal.button(/Account menu/).waitFor();
	});

	it('does not tell whether the name or the password was wrong', async () => {
		const portal = await Portal.open(browser(), coordinator, { signedIn: false });
		const errors: (string | null)[] = [];
		for (const username of ['admin', 'nobody-of-that-name']) {
			await portal.page.getByLabel('Name', { exact: true }).fill(username);
			await portal.page.getByLabel('Password', { exact: true }).fill('wrong');
			const answered = portal.page.waitForResponse(/\/api\/v1\/session$/);
			await portal.button('Sign in').click();
			await answered;
			errors.push(await portal.page.getByText(/is wrong/).textContent());
		}
		expect(errors[0]).toBe(errors[1]);
		expect(await portal.page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
	});

	it('warns of caps lock', async () => {
		const portal = await Portal.open(browser(), coordinator, { signedIn: false });
		const password = portal.page.getByLabel('Password', { exact: true });
		// Playwright cannot hold caps lock; the event that a browser makes with it held can be made.
		await password.evaluate((input) =>
			input.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock: true })),
		);
		await portal.page.getByText('Caps lock is on').waitFor();
	});

	it('outlives a reload, and ends by signing out', async () => {
		const portal = await Portal.open(browser(), coordinator, { signedIn: false });
		await portal.signIn();
		await portal.page.reload();
		await portal.live();
		await portal.button(/Account menu/).click();
		await portal.button('Sign out').click();
		await portal.button('Sign in').waitFor();
		await portal.go('/account');
		await portal.button('Sign in').waitFor();
		expect(portal.faults).toEqual([]);
	});

	it('that was ended elsewhere says so at once and leads back to where one was', async () => {
		const here = await Portal.open(browser(), coordinator, { alone: true, at: '/tasks?state=failed' });
		await here.live();
		const there = await Portal.open(browser(), coordinator, { alone: true, at: '/account' });
		await there.button('End all others').click();
		await here.page.getByText('Your session has ended').waitFor();
		await here.signIn();
		expect(here.page.url()).toBe(`${coordinator.url}/tasks?state=failed`);
	});
});
