import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { LiveEvent } from '../../../console/bridge.ts';
import { type RunningCoordinator, startCoordinator } from '../../support/start-coordinator.ts';
import { TempFolder } from '../../support/temp-folder.ts';
import { hasOpenssl, makeCertificate } from '../../support/test-certificate.ts';
import { TlsFront } from '../../support/tls-front.ts';
import { browserForTests } from '../portal.ts';
import { troubleOn } from '../screens.ts';
import { CONSOLE_LOOKS, consolePath } from './console.ts';
import { openDesktop } from './desktop-page.ts';

const browser = browserForTests();
const folders: TempFolder[] = [];
let coordinator: RunningCoordinator;
let front: TlsFront;

const folder = () => {
	const made = new TempFolder();
	folders.push(made);
	return made;
};
const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;
type Desktop = Awaited<ReturnType<typeof openDesktop>>;

let first: ReturnType<typeof makeCertificate>;
beforeAll(async () => {
	coordinator = await startCoordinator();
	if (!hasOpenssl) return;
	first = makeCertificate(folder());
	front = await TlsFront.start(coordinator.port, first);
});
beforeEach((context) => context.skip(!hasOpenssl, 'openssl is not installed'));
afterAll(async () => {
	await front?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	for (const each of folders) await each[Symbol.asyncDispose]();
});

/** Enters the coordinator as a person does; its certificate is shown next. */
const enterCoordinator = async ({ page }: Desktop, name: string, port = front.port) => {
	await page.getByLabel('Name', { exact: true }).fill(name);
	await page.getByLabel('Address', { exact: true }).fill(`https://127.0.0.1:${port}`);
	await page.getByText('Teal', { exact: true }).click();
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByRole('heading', { name: `Is this the certificate of ${name}?` }).waitFor();
};

const connected = async (name: string): Promise<Desktop> => {
	const desktop = await openDesktop(browser(), coordinator, folder().path);
	await desktop.page.getByRole('heading', { name: 'Coordinators' }).waitFor();
	await enterCoordinator(desktop, name);
	await desktop.button('Approve and open').click();
	await desktop.signIn();
	await desktop.page.getByRole('heading', { name: 'Overview' }).waitFor();
	return desktop;
};

const close = ({ fake }: Desktop) => fake.app.tell('will-quit');

it('is given a coordinator, approves of its certificate, signs in and is live', async () => {
	const desktop = await openDesktop(browser(), coordinator, folder().path);
	const { page, fake } = desktop;
	await page.getByRole('heading', { name: 'Coordinators' }).waitFor();
	await page.getByLabel('Name', { exact: true }).fill('Lab');
	await page.getByLabel('Address', { exact: true }).fill('http://lab.example');
	await desktop.button('Save').click();
	await page.getByText(/your password would go over the network/).waitFor();
	await enterCoordinator(desktop, 'Lab');
	expect(front.heard).toBe(0);
	await page.getByText(fingerprintOf(first.cert)).waitFor();
	await desktop.button('Approve and open').click();
	await desktop.signIn();
	await page.getByRole('heading', { name: 'Overview' }).waitFor();
	await desktop.live();
	expect(await page.locator('[data-color="teal"] header').textContent()).toMatch(/Lab/);

	// A change at the coordinator comes through main and preload.
	const told = page.evaluate(
		() =>
			new Promise<LiveEvent>((resolve) => {
				const stop = window.millrace?.openLive(['all-tasks'], (event) => {
					if (event.kind === 'state' && event.state === 'live') document.title = 'listening';
					if (event.kind !== 'patches') return;
					stop?.();
					resolve(event);
				});
			}),
	);
	await page.waitForFunction(() => document.title === 'listening');
	const { id } = await coordinator.api.post<{ id: string }>('/tasks', { type: 'noop', inputs: [], parameters: {} });
	expect(await told).toMatchObject({
		patches: expect.arrayContaining([expect.objectContaining({ kind: 'task', id })]),
	});

	// The page never has what shows who is signed in, and the disk has it sealed only.
	expect(await page.evaluate(() => document.cookie)).toBe('');
	const answered = await page.evaluate(async () => {
		const answer = await fetch('/api/v1/me');
		return { ok: answer.ok, names: [...answer.headers.keys()], policy: answer.headers.get('content-security-policy') };
	});
	expect(answered.ok).toBe(true);
	expect(answered.names).not.toContain('set-cookie');
	expect(answered.policy).toMatch(/sandbox$/);
	const kept = readFileSync(`${fake.settings.userData}/sessions.json`, 'utf8');
	expect(kept).not.toMatch(/millrace=/);
	expect(Buffer.from(Object.values(JSON.parse(kept))[0] as string, 'base64').toString()).toMatch(/^sealed:.*=ecarllim/);
	expect(desktop.faults).toEqual([]);
	close(desktop);
});

it('holds its page to the policy', async () => {
	const desktop = await openDesktop(browser(), coordinator, folder().path);
	const { page } = desktop;
	await page.getByRole('heading', { name: 'Coordinators' }).waitFor();
	const broken = await page.evaluate(async () => {
		const found: string[] = [];
		document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => found.push(effectiveDirective));
		const script = document.createElement('script');
		script.textContent = 'window.ranInline = true;';
		document.body.append(script);
		const foreign = await fetch('https://example.org/').then(
			() => 'answered',
			() => 'blocked',
		);
		const frame = document.createElement('iframe');
		frame.src = '/console/';
		document.body.append(frame);
		await new Promise((resolve) => setTimeout(resolve));
		return { found, foreign, ranInline: 'ranInline' in window, hasRequire: 'require' in window };
	});
	expect(broken).toMatchObject({ foreign: 'blocked', ranInline: false, hasRequire: false });
	expect(broken.found).toEqual(expect.arrayContaining(['script-src-elem', 'connect-src']));
	close(desktop);
});

it('refuses another certificate until somebody approves of it, and says when nobody answers', async () => {
	const desktop = await connected('Lab');
	const { page } = desktop;
	const { port } = front;
	await front[Symbol.asyncDispose]();
	await page.reload();
	await page.getByText(/nothing listens there\. Is it running\?/).waitFor();
	await page.getByRole('link', { name: 'Choose another coordinator' }).waitFor();

	const second = makeCertificate(folder());
	front = await TlsFront.start(coordinator.port, second, port);
	await page.reload();
	await page.getByRole('heading', { name: 'Lab shows another certificate' }).waitFor();
	await page.getByText(fingerprintOf(first.cert)).waitFor();
	await page.getByText(fingerprintOf(second.cert)).waitFor();
	expect(front.heard).toBe(0);
	const approve = desktop.button('Approve of the new one and open');
	expect(await approve.isDisabled()).toBe(true);
	await page.getByLabel('I have compared the new fingerprint').check();
	await approve.click();
	// The session is the same one: only the way to it was in doubt.
	await page.getByRole('heading', { name: 'Overview' }).waitFor();
	first = second;

	await page.getByRole('link', { name: 'Coordinators' }).click();
	await desktop.button('Change Lab').click();
	await page.getByLabel('This is production').check();
	await desktop.button('Save').click();
	await page.locator('li').getByText('production').waitFor();
	await desktop.go(consolePath('/'));
	await page
		.locator('[data-production] header')
		.getByText(/production/)
		.waitFor();
	close(desktop);
});

it('says when a coordinator is newer or older than it, or is none, and opens the former if it is told to', async () => {
	let says: unknown = {};
	const server = createServer((_, response) => {
		response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(says));
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const other = await TlsFront.start((server.address() as AddressInfo).port, first);
	onTestFinished(async () => {
		await other[Symbol.asyncDispose]();
		server.close();
	});
	const desktop = await openDesktop(browser(), coordinator, folder().path);
	const { page } = desktop;
	await enterCoordinator(desktop, 'Other', other.port);
	says = { status: 'ok', version: '99.1.0' };
	await desktop.button('Approve and open').click();
	const told = page.getByRole('alert');
	await told.getByText(/The coordinator \(99\.1\.0\) is newer than this console/).waitFor();
	says = { status: 'ok', version: '0.0.1' };
	await told.getByRole('button', { name: 'Try again' }).click();
	await told.getByText(/The coordinator \(0\.0\.1\) is older than this console/).waitFor();
	await told.getByRole('button', { name: 'Open it all the same' }).waitFor();
	says = { hello: 'from something else' };
	await told.getByRole('button', { name: 'Try again' }).click();
	await told.getByText(/it is not a Millrace coordinator/).waitFor();
	expect(await told.getByRole('button', { name: 'Open it all the same' }).count()).toBe(0);
	close(desktop);
});

it('runs an agent on this machine until it ends', async () => {
	const desktop = await connected('Lab');
	const { page, fake } = desktop;
	await page.getByRole('link', { name: 'This machine' }).click();
	await desktop.button('Start an agent').click();
	await page.getByRole('status').getByText('running').waitFor();
	await page
		.getByRole('log')
		.getByText(/ready: /)
		.waitFor();
	const nodes = await coordinator.api.get<{ items: unknown[] }>('/admin/nodes');
	expect(nodes.items).toHaveLength(1);
	expect(fake.app.tell('before-quit')).toBe(true);
	await expect.poll(() => fake.quits).toBe(1);
	expect(fake.app.tell('before-quit')).toBe(false);
	close(desktop);
});

it('is accessible in every look', async () => {
	const desktop = await connected('Lab');
	const screens = [
		{ name: 'coordinators', path: () => consolePath('/connect'), sign: 'You are looking at it' },
		{
			name: 'a change',
			path: () => consolePath('/connect'),
			sign: 'You are looking at it',
			act: async () => {
				await desktop.button('Change Lab').click();
				await desktop.page.getByLabel('This is production').waitFor();
			},
		},
		{ name: 'this machine', path: () => consolePath('/this-machine'), sign: 'Tasks at a time' },
	];
	expect(await troubleOn(desktop, screens, CONSOLE_LOOKS)).toEqual([]);
	close(desktop);
});
