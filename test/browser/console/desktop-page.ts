import { readFileSync } from 'node:fs';
import type { Browser, Frame, Route } from 'playwright-core';
import { type BootedDesktop, bootDesktop } from '../../support/boot-desktop.ts';
import { builtFile, REPOSITORY } from '../../support/repository.ts';
import type { RunningCoordinator } from '../../support/start-coordinator.ts';
import { Portal } from '../portal.ts';

/** The window's own scheme needs Electron; to the browser its pages come from here, by the same handlers. */
const ALIAS = 'https://millrace.test';
const OWN = 'app://millrace';

const own = (url: string): string => (url.startsWith(`${ALIAS}/`) ? OWN + url.slice(ALIAS.length) : url);

/** Electron's part of the renderer, as far as the preload knows it. */
const AROUND_PRELOAD = `(() => {
	const listeners = new Map();
	window.__tell = (channel, args) => { for (const listener of listeners.get(channel) ?? []) listener({}, ...args); };
	const ipcRenderer = {
		invoke: (channel, ...args) => window.__invoke(channel, args),
		on: (channel, listener) => listeners.set(channel, new Set([...(listeners.get(channel) ?? []), listener])),
		off: (channel, listener) => listeners.get(channel)?.delete(listener),
	};
	const contextBridge = { exposeInMainWorld: (name, api) => Object.defineProperty(window, name, { value: Object.freeze(api) }) };
	const require = (name) => {
		if (name !== 'electron') throw new Error('a confined preload has no ' + name);
		return { contextBridge, ipcRenderer };
	};
	PRELOAD
})()`;

const answer = async (fake: BootedDesktop['fake'], route: Route): Promise<void> => {
	const asked = route.request();
	const body = asked.postDataBuffer();
	const handler = fake.protocols.get('app');
	if (handler === undefined) throw new Error('nothing answers at app://');
	const request = new Request(own(asked.url()), {
		method: asked.method(),
		headers: asked.headers(),
		body: body === null ? null : new Uint8Array(body),
	});
	const response = await handler(request);
	const content = Buffer.from(await response.arrayBuffer());
	// The page may be gone by now.
	await route
		.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: content })
		.catch(() => {});
};

/** Who asks, as Electron tells it. */
const frameOf = (frame: Frame) => ({ parent: frame.parentFrame(), url: own(frame.url()) });

/** The real main on an Electron that is not there, and the built page with the built preload in a real browser. */
export const openDesktop = async (
	browser: Browser,
	coordinator: RunningCoordinator,
	userData: string,
): Promise<Portal & BootedDesktop> => {
	const { fake } = await bootDesktop({ program: `${REPOSITORY}/dist`, userData });
	const portal = await Portal.open(browser, coordinator, { url: ALIAS, signedIn: false, at: null, width: 1440 });
	const { page } = portal;
	const [window] = fake.windows;
	if (window === undefined) throw new Error('there is no window');
	const preload = readFileSync(builtFile('console/desktop/preload/preload.cjs'), 'utf8');
	await page.exposeBinding('__invoke', ({ frame }, channel: string, args: unknown[]) =>
		fake.invoke(channel, args, { senderFrame: frameOf(frame) }),
	);
	await page.addInitScript(AROUND_PRELOAD.replace('PRELOAD', () => preload));
	await page.route(`${ALIAS}/**`, (route) => answer(fake, route));
	let told: Promise<unknown> = Promise.resolve();
	window.onSend = (channel, args) => {
		const tell = ([to, what]: [string, unknown[]]) =>
			(globalThis as unknown as { __tell(channel: string, args: unknown[]): void }).__tell(to, what);
		// In its order; a page that goes hears nothing any more.
		told = told.then(() => page.evaluate(tell, [channel, args] as [string, unknown[]])).catch(() => {});
	};
	window.onLoad = (url) => {
		const load = url === '' ? page.reload() : page.goto(ALIAS + url.slice(OWN.length));
		load.catch(() => {});
	};
	await page.goto(`${ALIAS}/console/`);
	return Object.assign(portal, { fake });
};
