import { PAGE_POLICY } from '../../shared/page-policy.ts';
import type { BootedDesktop } from './boot-desktop.ts';

/** What must be so, each with a sentence for when it is not. */
type Check = (desktop: BootedDesktop) => string | null | Promise<string | null>;

const PAGE = 'app://millrace/console/';
const PERMISSIONS = ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fileSystem', 'usb'];
const OUTSIDE_THE_FOLDER = [
	'..%2fsecret.json',
	'..%5csecret.json',
	'%2e%2e/secret.json',
	'./../../secret.json',
	'a/..%2f..%2fsecret.json',
];

const WANTED: Readonly<Record<string, boolean>> = {
	sandbox: true,
	contextIsolation: true,
	webSecurity: true,
	nodeIntegration: false,
	nodeIntegrationInWorker: false,
	nodeIntegrationInSubFrames: false,
	allowRunningInsecureContent: false,
	experimentalFeatures: false,
	webviewTag: false,
};

const theWindow = ({ fake }: BootedDesktop) => {
	const [window] = fake.windows;
	if (window === undefined) throw new Error('there is no window');
	return window;
};

const ask = ({ fake }: BootedDesktop, path: string, init?: RequestInit): Promise<Response> => {
	const handler = fake.protocols.get('app');
	if (handler === undefined) throw new Error('nothing answers at app://');
	return handler(new Request(`app://millrace${path}`, init));
};

/** True when the request was refused before anything of it was looked at. */
const isRefused = async ({ fake }: BootedDesktop, channel: string, from: Record<string, unknown>): Promise<boolean> => {
	try {
		await fake.invoke(channel, [], from);
		return false;
	} catch (error) {
		return (error as Error).message === 'refused';
	}
};

/** Electron's checklist, as far as it can be seen without Electron. */
export const DESKTOP_CHECKS: Readonly<Record<string, Check>> = {
	'the sandbox is for all renderers': ({ fake }) => (fake.isSandboxed ? null : 'app.enableSandbox was not called'),

	'the window is confined': (desktop) => {
		const preferences = theWindow(desktop).options.webPreferences as Record<string, unknown>;
		const wrong = Object.entries(WANTED).filter(([name, value]) => preferences[name] !== value);
		return wrong.length === 0 ? null : `webPreferences: ${wrong.map(([name]) => name).join(', ')}`;
	},

	'our scheme goes around nothing': ({ fake }) => {
		const [own, ...others] = fake.privileges;
		if (own?.scheme !== 'app' || others.length > 0) return 'other schemes have privileges';
		const { standard, secure, bypassCSP = false, corsEnabled = false, allowServiceWorkers = false } = own.privileges;
		return standard && secure && !bypassCSP && !corsEnabled && !allowServiceWorkers ? null : JSON.stringify(own);
	},

	'no permission is given': ({ fake }) => {
		for (const permission of PERMISSIONS) {
			let granted = true;
			fake.onPermission?.(theWindow({ fake }).webContents, permission, (answer) => {
				granted = answer;
			});
			if (granted || fake.onPermissionCheck?.(null, permission, PAGE) !== false) return permission;
		}
		return fake.onDevice?.({ deviceType: 'usb' }) === false ? null : 'devices';
	},

	'the page reaches no network': ({ fake }) => {
		for (const url of ['https://example.org/', 'http://127.0.0.1/', 'ws://127.0.0.1/', 'file:///etc/passwd']) {
			let isCancelled = false;
			fake.onRequest?.({ url }, ({ cancel }) => {
				isCancelled = cancel === true;
			});
			if (!isCancelled) return url;
		}
		let isOwnCancelled = true;
		fake.onRequest?.({ url: PAGE }, ({ cancel }) => {
			isOwnCancelled = cancel === true;
		});
		return isOwnCancelled ? 'the page itself is not loaded' : null;
	},

	'the page goes nowhere and opens nothing': (desktop) => {
		const { contents, onOpen } = theWindow(desktop);
		const url = 'https://evil.example/';
		for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview'])
			if (!contents.tell(event, { url, isMainFrame: true })) return event;
		if (!contents.tell('will-frame-navigate', { url, isMainFrame: false })) return 'will-frame-navigate';
		if (onOpen?.({ url }).action !== 'deny') return 'a window opens';
		const { outside } = desktop.fake;
		return outside.length === 0 ? null : `the browser opens ${outside.join()}`;
	},

	'what is downloaded comes from us': ({ fake }) => {
		const of = (url: string) => fake.session.tell('will-download', {}, { getURLChain: () => [url] });
		if (!of('https://evil.example/x.exe') || !of('blob:https://evil.example/1')) return 'from elsewhere';
		return of('app://millrace/api/v1/audit.csv') || of('blob:app://millrace/1') ? 'nothing can be downloaded' : null;
	},

	'pages have the policy of all our pages': async (desktop) => {
		for (const path of ['/console/', '/console/app.js', '/console/nothing.js', '/elsewhere']) {
			const policy = (await ask(desktop, path)).headers.get('content-security-policy');
			if (policy !== PAGE_POLICY) return `${path}: ${policy}`;
		}
		return (await ask(desktop, '/console/')).ok ? null : 'the page is not answered';
	},

	'data of the coordinator cannot act': async (desktop) => {
		const policy = (await ask(desktop, '/api/v1/me')).headers.get('content-type');
		return policy === 'application/problem+json' ? null : `without a coordinator it answers ${policy}`;
	},

	'nothing outside of its folder is read': async (desktop) => {
		for (const path of OUTSIDE_THE_FOLDER) {
			const answer = await ask(desktop, `/console/${path}`);
			if (answer.ok || (await answer.text()).includes('secret')) return path;
		}
		return (await ask(desktop, '/console/', { method: 'POST' })).ok ? 'POST' : null;
	},

	'every request is of the page itself': async (desktop) => {
		const contents = theWindow(desktop).webContents;
		const strangers = [
			{ senderFrame: { parent: contents.mainFrame, url: PAGE } },
			{ senderFrame: { parent: null, url: 'https://evil.example/app://millrace/' } },
			{ senderFrame: { parent: null, url: 'app://millrace.evil.example/' } },
			{ senderFrame: { parent: null, url: 'app://millrace@evil/' } },
			{ senderFrame: null },
			{ sender: { id: 7 } },
		];
		for (const channel of desktop.fake.handlers.keys())
			for (const [at, from] of strangers.entries())
				if (!(await isRefused(desktop, channel, from))) return `${channel} answers stranger ${at}`;
		return null;
	},

	'every request is looked at': async ({ fake }) => {
		const wrongLooks = { id: null, name: 'x'.repeat(500), url: 'https://a.example', color: 'url(x)', isProduction: 7 };
		const garbage = [[wrongLooks], [{ id: '../x' }], [1, 2, 3, 4], ['x'.repeat(100_000)], [null], [[[]]]];
		for (const channel of fake.handlers.keys())
			for (const args of garbage) {
				const answer = (await fake.invoke(channel, args)) as { ok: boolean };
				if (answer.ok) return `${channel} takes ${JSON.stringify(args).slice(0, 60)}`;
			}
		return null;
	},

	'what the page is given works': async ({ fake }) => {
		const { millrace, ...others } = fake.exposed;
		if (millrace === undefined || Object.keys(others).length > 0) return 'something else is exposed';
		const draft = { id: null, name: 'A', url: 'https://a.example/', color: 'teal', isProduction: false };
		try {
			const id = await millrace.saveProfile?.(draft);
			for (const [name, ...args] of [['readState'], ['readAgent'], ['stopAgent'], ['chooseProfile', id]] as const)
				await millrace[name]?.(...args);
			const closeLine = millrace.openLive?.([], () => {}) as () => void;
			closeLine();
			await millrace.forgetProfile?.(id);
		} catch (error) {
			return (error as Error).message;
		}
		const names = Object.keys(millrace).sort().join(' ');
		const expected =
			'approve chooseProfile forgetProfile lookAt onAgent onCommand openLive readAgent readState saveProfile startAgent stopAgent';
		return names === expected ? null : names;
	},
};

/** The checks that fail, with what they say. */
export const failedChecks = async (desktop: BootedDesktop): Promise<string[]> => {
	const failed: string[] = [];
	for (const [name, check] of Object.entries(DESKTOP_CHECKS)) {
		const what = await Promise.resolve(check(desktop)).catch((error: Error) => error.message);
		if (what !== null) failed.push(`${name}: ${what}`);
	}
	return failed;
};
