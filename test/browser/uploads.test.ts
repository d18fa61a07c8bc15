import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SeededRandom } from '../support/seeded-random.ts';
import { type RunningAgent, startAgent } from '../support/start-agent.ts';
import { type RunningCoordinator, startCoordinator } from '../support/start-coordinator.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { TempFolder } from '../support/temp-folder.ts';
import { waitFor } from '../support/wait-for.ts';
import { browserForTests, Portal } from './portal.ts';

const MEGABYTE = 1_000_000;
/** Some of it has gone, and more than what the buffers on the way hold is still to go. */
const PART_OF_40 = /Sending (?:1[4-9]|2\d)\.\d MB of 40\.0 MB/;
const browser = browserForTests();
const random = new SeededRandom(7);
let coordinator: RunningCoordinator;
let agent: RunningAgent;
let folder: TempFolder;
beforeAll(async () => {
	coordinator = await startCoordinator();
	agent = await startAgent(coordinator);
	folder = new TempFolder();
});
afterAll(async () => {
	await agent?.[Symbol.asyncDispose]();
	await coordinator?.[Symbol.asyncDispose]();
	await folder?.[Symbol.asyncDispose]();
});

/** A file with content of its own; answers with its path here and its SHA-256. */
const makeFile = (name: string, bytes: number) => {
	const content = random.bytes(bytes);
	writeFileSync(folder.join(name), content);
	return { path: folder.join(name), sha256: createHash('sha256').update(content).digest('hex') };
};

/** The portal behind a proxy that can disturb it, in a new folder of its own. */
const behindProxy = async (name: string) => {
	const proxy = await TcpProxy.listen({ port: coordinator.port });
	onTestFinished(() => proxy[Symbol.dispose]());
	await coordinator.api.post('/folders', { path: `/${name}` });
	const portal = await Portal.open(browser(), coordinator, { url: proxy.url, at: `/files/${name}` });
	await portal.live();
	return { proxy, portal };
};

const stored = async (path: string) => {
	const answer = await coordinator.api.raw('HEAD', `/api/v1/content${path}`);
	return answer.status === 200 ? String(answer.headers.etag).replaceAll('"', '') : null;
};

describe('an upload', () => {
	it('can be paused and goes on from where it was', async () => {
		const { proxy, portal } = await behindProxy('paused');
		const file = makeFile('large.bin', 40 * MEGABYTE);
		proxy.throttle(5 * MEGABYTE, 'up');
		await portal.pick([file.path]);
		await portal.tray.getByText(PART_OF_40).waitFor();
		await portal.tray.getByRole('button', { name: 'Pause large.bin' }).click();
		await portal.tray.getByText(/Paused at/).waitFor();
		expect(await stored('/paused/large.bin')).toBeNull();

		proxy.heal();
		const before = proxy.bytes('up');
		await portal.tray.getByRole('button', { name: 'Resume all' }).click();
		await portal.tray.getByText('All uploaded').waitFor();
		expect(proxy.bytes('up') - before).toBeLessThan(38 * MEGABYTE);
		expect(await stored('/paused/large.bin')).toBe(file.sha256);
		expect(portal.faults).toEqual([]);
	});

	it('survives cut lines by itself, and other pages, and tells that it does', async () => {
		const { proxy, portal } = await behindProxy('cut');
		const file = makeFile('cut.bin', 8 * MEGABYTE);
		const cut = proxy.cutAfter(3 * MEGABYTE, 'up');
		await portal.pick([file.path]);
		await cut;
		proxy.cutAll();
		await portal.page.getByRole('link', { name: 'Tasks' }).first().click();
		await portal.page.getByRole('heading', { name: 'Tasks' }).waitFor();
		await portal.tray.getByText('All uploaded').waitFor();
		expect(await stored('/cut/cut.bin')).toBe(file.sha256);
	});

	it('that a reload interrupted goes on when the same file is added again', async () => {
		const { proxy, portal } = await behindProxy('reload');
		const file = makeFile('interrupted.bin', 40 * MEGABYTE);
		proxy.throttle(5 * MEGABYTE, 'up');
		await portal.pick([file.path]);
		await portal.tray.getByText(PART_OF_40).waitFor();
		portal.page.on('dialog', (dialog) => void dialog.accept());
		await portal.page.reload();
		await portal.tray.getByText('1 upload interrupted').waitFor();
		proxy.heal();
		const before = proxy.bytes('up');
		await portal.pick([file.path]);
		await portal.tray.getByText('All uploaded').waitFor();
		expect(proxy.bytes('up') - before).toBeLessThan(38 * MEGABYTE);
		expect(await stored('/reload/interrupted.bin')).toBe(file.sha256);
	});

	it('that is cancelled leaves nothing behind', async () => {
		const { proxy, portal } = await behindProxy('cancelled');
		const file = makeFile('unwanted.bin', 40 * MEGABYTE);
		proxy.throttle(5 * MEGABYTE, 'up');
		await portal.pick([file.path]);
		await portal.tray.getByText(PART_OF_40).waitFor();
		const ended = portal.page.waitForResponse((answer) => answer.request().method() === 'DELETE');
		await portal.tray.getByRole('button', { name: 'Cancel unwanted.bin' }).click();
		expect((await ended).status()).toBe(204);
		await portal.tray.waitFor({ state: 'detached' });
		expect(await stored('/cancelled/unwanted.bin')).toBeNull();
	});
});

describe('many uploads', () => {
	it('of a folder all arrive, though the line is cut again and again', async () => {
		const { proxy, portal } = await behindProxy('many');
		mkdirSync(folder.join('many'));
		for (let at = 0; at < 120; at += 1) makeFile(`many/part-${String(at).padStart(3, '0')}.txt`, 2_000 + at);
		// Slow enough that there is something left to cut, however late the next cut is asked for.
		proxy.throttle(60_000, 'up');
		let cut = proxy.cutAfter(20_000, 'up');
		await portal.drop([folder.join('many')]);
		for (let cuts = 0; cuts < 4; cuts += 1) {
			await cut;
			if (cuts < 3) cut = proxy.cutAfter(20_000, 'up');
			proxy.cutAll();
		}
		proxy.heal();
		await portal.tray.getByText('All uploaded').waitFor({ timeout: 60_000 });
		const { items } = await coordinator.api.get<{ items: { name: string; version: number }[] }>(
			'/files?folder=/many/many&limit=1000',
		);
		expect(items).toHaveLength(120);
		// A cut answer does not make a second version: the repeat finds the very same content.
		expect(items.filter(({ version }) => version !== 1)).toEqual([]);
		await portal.page.getByRole('link', { name: 'many', exact: true }).last().click();
		await portal.row('part-119.txt').waitFor();
	});
});

describe('a name that is taken', () => {
	it('is asked about per file: keep both, replace, skip; the same content is told and not sent', async () => {
		const { portal } = await behindProxy('taken');
		for (const name of ['both.txt', 'replace.txt', 'skip.txt']) {
			await coordinator.api.upload(`/taken/${name}`, `old ${name}`);
			writeFileSync(folder.join(name), `new ${name}`);
		}
		await coordinator.api.upload('/taken/same.txt', 'same');
		writeFileSync(folder.join('same.txt'), 'same');
		await portal.pick(['both.txt', 'replace.txt', 'skip.txt', 'same.txt'].map((name) => folder.join(name)));
		await portal.tray.getByText('3 files wait for your decision').waitFor();
		await portal.tray.getByText('The same content was here already; nothing was sent.').waitFor();
		for (const [name, act] of [
			['both.txt', 'Keep both'],
			['replace.txt', 'Replace as new version'],
			['skip.txt', 'Skip'],
		] as const) {
			const question = portal.tray.getByRole('group', { name: new RegExp(name) });
			await question.getByRole('button', { name: act }).click();
		}
		await portal.tray.getByText('All uploaded').waitFor();
		const content = async (name: string) => {
			const path = `/api/v1/content/taken/${encodeURIComponent(name)}`;
			return (await coordinator.api.raw('GET', path)).body.toString();
		};
		expect(await content('both.txt')).toBe('old both.txt');
		expect(await content('both (2).txt')).toBe('new both.txt');
		expect(await content('replace.txt')).toBe('new replace.txt');
		expect(await content('skip.txt')).toBe('old skip.txt');
		expect(portal.faults).toEqual([]);
	});

	it('can be decided for all at once', async () => {
		const { portal } = await behindProxy('all');
		const names = Array.from({ length: 8 }, (_, at) => `clash-${at}.txt`);
		for (const name of names) {
			await coordinator.api.upload(`/all/${name}`, 'old');
			writeFileSync(folder.join(name), `new ${name}`);
		}
		await portal.pick(names.map((name) => folder.join(name)));
		await portal.tray.getByText(/files wait for your decision/).waitFor();
		await portal.tray.getByLabel('The same for all conflicts').first().check();
		await portal.tray.getByRole('button', { name: 'Replace as new version' }).first().click();
		await portal.tray.getByText('All uploaded').waitFor();
		const { items } = await coordinator.api.get<{ items: { version: number }[] }>('/files?folder=/all');
		expect(items.map(({ version }) => version)).toEqual(names.map(() => 2));
	});
});

describe('the connection', () => {
	it('is told to be lost, the old rows stay, and all is caught up when it is back', async () => {
		const { proxy, portal } = await behindProxy('lost');
		await coordinator.api.upload('/lost/before.txt', 'x');
		await portal.row('before.txt').waitFor();
		proxy.refuse();
		proxy.cutAll();
		await portal.page.locator('[data-state="reconnecting"]').waitFor();
		await coordinator.api.upload('/lost/meanwhile.txt', 'y');
		expect(await portal.row('before.txt').count()).toBe(1);
		await proxy.admit();
		await portal.live();
		await portal.row('meanwhile.txt').waitFor();
		await waitFor('the announcement', async () =>
			(await portal.page.getByRole('status').allTextContents()).some((text) => text.includes('Connected again')),
		);
	});
});
