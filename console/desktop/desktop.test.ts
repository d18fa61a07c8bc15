import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
// What they set for all is there before the first test: the program itself is loaded within one.
import 'zod';
import 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BootedDesktop, bootDesktop, type Mutation } from '../../test/support/boot-desktop.ts';
import { failedChecks } from '../../test/support/desktop-checks.ts';
import { TempFolder } from '../../test/support/temp-folder.ts';

const MAIN = 'console/desktop/main';

const one = (name: string, from: string, to: string): Mutation => ({ file: `${MAIN}/${name}`, edits: [[from, to]] });

/** Each is a mistake that somebody could make, and the check that must find it. */
const MUTATIONS: readonly [string, Mutation, RegExp][] = [
	['the sandbox is off', one('security.ts', 'sandbox: true', 'sandbox: false'), /confined/],
	['the sandbox is not for all', one('desktop.ts', 'app.enableSandbox();', ''), /sandbox is for all/],
	['frames may ask', one('ipc.ts', 'senderFrame.parent === null &&', ''), /page itself/],
	[
		'any beginning is ours',
		one('address.ts', 'parsed.host === APP_HOST', 'parsed.host.startsWith(APP_HOST)'),
		/page itself/,
	],
	[
		'arguments are not looked at',
		one('ipc.ts', 'z.tuple([profileDraftSchema])', 'z.tuple([z.any()])'),
		/every request is looked at/,
	],
	[
		'scripts in pages may run',
		{ file: 'shared/page-policy.ts', edits: [["script-src 'self'", "script-src 'self' 'unsafe-inline'"]] },
		/policy/,
	],
	[
		'names are taken as they come',
		{
			file: `${MAIN}/assets.ts`,
			edits: [
				["!FILE_NAME.test(name) || name.includes('..') ||", ''],
				['join(folder, name)', 'join(folder, decodeURIComponent(name))'],
			],
		},
		/outside of its folder/,
	],
	['permissions are given', one('security.ts', 'answer(false)', 'answer(true)'), /permission/],
	[
		'a channel has a typing mistake',
		{ file: 'console/desktop/preload/preload.ts', edits: [["'millrace:read-agent'", "'millrace:raed-agent'"]] },
		/given works/,
	],
	[
		'the scheme goes around the policy',
		one('app-protocol.ts', 'secure: true,', 'secure: true, bypassCSP: true,'),
		/scheme/,
	],
	['windows open', one('security.ts', "action: 'deny'", "action: 'allow'"), /opens nothing/],
	[
		'the browser opens anything',
		one(
			'leaving.ts',
			'if (!isOwnUrl(target)) return mayOpenOutside(target, current) ?',
			'if (!isOwnUrl(target)) return target ?',
		),
		/opens nothing/,
	],
	['the page reaches the network', one('desktop.ts', 'lockRequests(session.defaultSession);', ''), /network/],
];

let folder: TempFolder;
let count = 0;
const booted: BootedDesktop[] = [];

/** A program with a small page, and beside it what nobody may read. */
const boot = async (more: { mutation?: Mutation; isSealing?: boolean } = {}): Promise<BootedDesktop> => {
	count += 1;
	const userData = folder.join(`user-data-${count}`);
	const desktop = await bootDesktop({ program: folder.path, userData, ...more });
	booted.push(desktop);
	return desktop;
};

beforeAll(() => {
	folder = new TempFolder();
	const admin = folder.join('console', 'admin');
	mkdirSync(admin, { recursive: true });
	writeFileSync(`${admin}/index.html`, '<!doctype html><html><head></head><body></body></html>');
	writeFileSync(`${admin}/app.js`, 'export {};');
	for (const place of ['console/secret.json', 'secret.json']) writeFileSync(folder.join(place), '"secret"');
});
afterAll(async () => {
	for (const { fake } of booted) fake.app.tell('will-quit');
	await folder[Symbol.asyncDispose]();
});

it('keeps to Electron’s checklist', async () => {
	expect(await failedChecks(await boot())).toEqual([]);
});

it.each(MUTATIONS)('is found out when %s', async (_, mutation, check) => {
	const failed = await failedChecks(await boot({ mutation }));
	expect(failed.join('\n')).toMatch(check);
});

it('keeps profiles, shows them in its menu, and loads the page anew for another one', async () => {
	const { fake } = await boot();
	const millrace = fake.exposed.millrace!;
	const url = 'https://lab.example:8443/';
	const draft = { id: null, name: 'Lab & co', url, color: 'teal', isProduction: true };
	const id = await millrace.saveProfile!(draft);
	await expect(millrace.saveProfile!({ ...draft, url: 'http://lab.example' })).rejects.toThrow(
		/password would go over/,
	);
	await expect(millrace.saveProfile!(draft)).rejects.toThrow(/of the name Lab & co already/);
	expect(await millrace.readState!()).toMatchObject({
		profiles: [{ id, name: 'Lab & co', url: 'https://lab.example:8443' }],
		currentId: null,
	});
	const [window] = fake.windows;
	const file = fake.menu.find(({ label }) => label === '&File');
	const [item] = file?.submenu?.find(({ label }) => label === 'Switch to')?.submenu ?? [];
	expect(item?.label).toBe('Lab && co · production');
	item?.click?.({});
	expect(window?.loaded).toEqual(['app://millrace/console/', 'app://millrace/console/']);
	const page = await (await fake.protocols.get('app')!(new Request('app://millrace/console/'))).text();
	expect(page).toMatch(/^<!doctype html><html><head><meta name="millrace-place" content="[^"<>]*Lab &#38; co/);
	const [, told = ''] = /content="([^"]*)"/.exec(page) ?? [];
	const place = JSON.parse(told.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))));
	// What is handed to others leads to the coordinator, not to this program's own scheme.
	expect(place).toEqual({ name: 'Lab & co', color: 'teal', isProduction: true, address: 'https://lab.example:8443' });
	const kept = JSON.parse(readFileSync(`${fake.settings.userData}/coordinators.json`, 'utf8'));
	expect(kept).toMatchObject({ currentId: id });
});

it('opens links from outside at screens, and nothing else', async () => {
	const { fake } = await boot();
	const told: unknown[] = [];
	fake.windows[0]!.onSend = (_, args) => void told.push(args[0]);
	fake.app.tell('second-instance', {}, ['millrace', 'millrace://node/nod_01abc']);
	fake.app.tell('second-instance', {}, ['millrace', 'millrace://node/..%2f..%2fsettings']);
	expect(fake.app.tell('open-url', {}, 'millrace://task/tsk_2')).toBe(true);
	expect(told).toEqual([
		{ kind: 'go', to: '/nodes/nod_01abc' },
		{ kind: 'go', to: '/tasks/tsk_2' },
	]);
});

it('puts a broken file aside, says so, and begins', async () => {
	const userData = folder.join(`user-data-${count + 1}`);
	mkdirSync(userData);
	writeFileSync(`${userData}/coordinators.json`, '{"profiles": [');
	const { fake } = await boot();
	const state = (await fake.exposed.millrace!.readState!()) as { notes: string[]; profiles: unknown[] };
	expect(state.profiles).toEqual([]);
	expect(state.notes).toEqual([expect.stringMatching(/coordinators\.json could not be read and was put aside as/)]);
});

it('keeps the window’s place', async () => {
	const { fake } = await boot();
	fake.windows[0]!.events.tell('close');
	const kept = JSON.parse(readFileSync(`${fake.settings.userData}/window.json`, 'utf8'));
	expect(kept.bounds).toEqual({ x: 10, y: 20, width: 1200, height: 800 });
});
