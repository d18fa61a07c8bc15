import { EventEmitter } from 'node:events';
import { emitter, type Named, strict } from './fake-strict.ts';

/**
 * Electron for tests, where there is no Electron: it knows what the desktop console uses and throws on everything else,
 * keeps to what is allowed before and after the program is ready, and clones what goes between the processes.
 */

let isReady = false;
let becomeReady = () => {};
const ready = new Promise<void>((resolve) => {
	becomeReady = resolve;
});
const before = (what: string) => {
	if (isReady) throw new Error(`${what} counts for nothing once the program is ready`);
};
const after = (what: string) => {
	if (!isReady) throw new Error(`${what} cannot be used before the program is ready`);
};

interface Settings {
	userData: string;
	version: string;
	isSealing: boolean;
}

type Handler = (event: Named, ...args: unknown[]) => unknown;
type ProtocolHandler = (request: Request) => Promise<Response>;

/** What was done to the fake, and what a test does in the place of a person and of Electron. */
class Fake {
	settings: Settings = { userData: '', version: '0.1.0', isSealing: true };
	isSandboxed = false;
	privileges: { scheme: string; privileges: Named }[] = [];
	readonly protocols = new Map<string, ProtocolHandler>();
	readonly handlers = new Map<string, Handler>();
	readonly windows: FakeWindow[] = [];
	readonly exposed: Record<string, Record<string, (...args: unknown[]) => unknown>> = {};
	readonly outside: string[] = [];
	readonly downloads: string[] = [];
	readonly errorBoxes: string[] = [];
	readonly notifications: { title: string; body: string }[] = [];
	menu: MenuItem[] = [];
	tray: { icon: string; tip: string; menu: MenuItem[] } | null = null;
	quits = 0;
	onPermission: ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void) | null = null;
	onPermissionCheck: ((...args: unknown[]) => boolean) | null = null;
	onDevice: ((...args: unknown[]) => boolean) | null = null;
	onRequest: ((details: { url: string }, answer: (how: { cancel?: boolean }) => void) => void) | null = null;
	readonly app = emitter('app', [
		...['second-instance', 'open-url', 'web-contents-created', 'activate'],
		...['window-all-closed', 'before-quit', 'will-quit'],
	]);
	readonly session = emitter('session', ['will-download']);

	becomeReady(): void {
		isReady = true;
		becomeReady();
	}

	/** A request of the page, or of who says to be it. */
	async invoke(channel: string, args: readonly unknown[], from: Named = {}): Promise<unknown> {
		const handler = this.handlers.get(channel);
		if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
		const contents = this.windows.at(-1)?.webContents;
		const event = { sender: contents, senderFrame: contents?.mainFrame, ...from };
		return structuredClone(await handler(event, ...structuredClone(args)));
	}
}

export const fake = new Fake();

interface MenuItem {
	label?: string;
	click?(item: Named): void;
	checked?: boolean;
	submenu?: MenuItem[];
	[more: string]: unknown;
}

export const app = strict('app', {
	isPackaged: false,
	enableSandbox() {
		before('app.enableSandbox');
		fake.isSandboxed = true;
	},
	requestSingleInstanceLock: () => true,
	quit: () => {
		fake.quits += 1;
	},
	exit: (code: number) => void fake.errorBoxes.push(`exit ${code}`),
	setAsDefaultProtocolClient: () => true,
	setAppUserModelId() {},
	whenReady: () => ready,
	isReady: () => isReady,
	getVersion: () => fake.settings.version,
	getPath(name: string) {
		if (name !== 'userData') throw new Error(`the fake of Electron does not model the path ${name}`);
		return fake.settings.userData;
	},
	on: fake.app.on,
});

export const protocol = strict('protocol', {
	registerSchemesAsPrivileged(schemes: Fake['privileges']) {
		before('protocol.registerSchemesAsPrivileged');
		if (fake.privileges.length > 0) throw new Error('schemes can be registered once only');
		fake.privileges = schemes;
	},
	handle(scheme: string, handler: ProtocolHandler) {
		after('protocol.handle');
		if (fake.protocols.has(scheme)) throw new Error(`${scheme} is handled already`);
		fake.protocols.set(scheme, handler);
	},
});

const defaultSession = strict('session.defaultSession', {
	setPermissionRequestHandler: (handler: Fake['onPermission']) => {
		fake.onPermission = handler;
	},
	setPermissionCheckHandler: (handler: Fake['onPermissionCheck']) => {
		fake.onPermissionCheck = handler;
	},
	setDevicePermissionHandler: (handler: Fake['onDevice']) => {
		fake.onDevice = handler;
	},
	on: fake.session.on,
	webRequest: strict('webRequest', {
		onBeforeRequest: (listener: Fake['onRequest']) => {
			fake.onRequest = listener;
		},
	}),
});
export const session = strict('session', {
	get defaultSession() {
		after('session.defaultSession');
		return defaultSession;
	},
});

export const ipcMain = strict('ipcMain', {
	handle(channel: string, handler: Handler) {
		if (fake.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
		fake.handlers.set(channel, handler);
	},
});

const sent = new EventEmitter();

/** What the preload has of Electron: everything it is given or gives is a copy. */
export const ipcRenderer = strict('ipcRenderer', {
	invoke: (channel: string, ...args: unknown[]) => fake.invoke(channel, args),
	on: (channel: string, listener: (...args: unknown[]) => void) => void sent.on(channel, listener),
	off: (channel: string, listener: (...args: unknown[]) => void) => void sent.off(channel, listener),
});
export const contextBridge = strict('contextBridge', {
	exposeInMainWorld(name: string, api: Fake['exposed'][string]) {
		for (const [key, value] of Object.entries(api))
			if (typeof value !== 'function') throw new Error(`${name}.${key} is no function`);
		fake.exposed[name] = api;
	},
});

const CONTENTS_EVENTS = [
	...['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'],
	...['did-start-navigation', 'render-process-gone'],
];

class FakeWindow {
	readonly options: Named;
	readonly contents = emitter('webContents', CONTENTS_EVENTS);
	readonly events = emitter('BrowserWindow', ['ready-to-show', 'resize', 'move', 'close', 'closed']);
	readonly loaded: string[] = [];
	reloads = 0;
	isShown = false;
	onOpen: ((details: { url: string }) => { action: string }) | null = null;
	/** Told which page is to be loaded. */
	onLoad: (url: string) => void = () => {};
	/** Told whatever is sent to the page. */
	onSend: (channel: string, args: unknown[]) => void = () => {};
	readonly webContents: Named & { mainFrame: Named };

	constructor(options: Named) {
		after('BrowserWindow');
		this.options = options;
		const mainFrame = strict('frame', { parent: null, url: 'app://millrace/console/' });
		this.webContents = strict('webContents', {
			mainFrame,
			on: this.contents.on,
			setWindowOpenHandler: (handler: FakeWindow['onOpen']) => {
				this.onOpen = handler;
			},
			send: (channel: string, ...args: unknown[]) => {
				const copy = structuredClone(args);
				sent.emit(channel, { senderId: 0 }, ...copy);
				this.onSend(channel, copy);
			},
			reload: () => {
				this.reloads += 1;
				this.onLoad('');
				this.contents.tell('did-start-navigation', { isMainFrame: true, isSameDocument: false });
			},
			downloadURL: (url: string) => void fake.downloads.push(url),
		});
		fake.windows.push(this);
		fake.app.tell('web-contents-created', {}, this.webContents);
	}

	/** As Electron's own: without what only tests see. */
	facade() {
		return strict('BrowserWindow', {
			webContents: this.webContents,
			on: this.events.on,
			once: this.events.once,
			show: () => {
				this.isShown = true;
			},
			focus() {},
			restore() {},
			maximize() {},
			isMinimized: () => false,
			isMaximized: () => false,
			isDestroyed: () => false,
			getNormalBounds: () => ({ x: 10, y: 20, width: 1200, height: 800 }),
			loadURL: async (url: string) => {
				this.loaded.push(url);
				this.onLoad(url);
				this.contents.tell('did-start-navigation', { isMainFrame: true, isSameDocument: false });
			},
		});
	}
}

/** Called by `new`: what it returns is the window. */
export const BrowserWindow = function BrowserWindow(options: Named) {
	return new FakeWindow(options).facade();
};

export const Menu = strict('Menu', {
	buildFromTemplate: (template: MenuItem[]) => template,
	setApplicationMenu: (menu: MenuItem[]) => {
		fake.menu = menu;
	},
});

export const Tray = function Tray(icon: string) {
	after('Tray');
	const tray = { icon, tip: '', menu: [] as MenuItem[] };
	fake.tray = tray;
	return strict('Tray', {
		on() {},
		setImage: (image: string) => {
			tray.icon = image;
		},
		setToolTip: (tip: string) => {
			tray.tip = tip;
		},
		setContextMenu: (menu: MenuItem[]) => {
			tray.menu = menu;
		},
	});
};

export const Notification = Object.assign(
	function Notification(what: { title: string; body: string }) {
		return strict('Notification', { on() {}, show: () => void fake.notifications.push(what) });
	},
	{ isSupported: () => true },
);

export const nativeImage = strict('nativeImage', { createFromPath: (path: string) => path });

export const safeStorage = strict('safeStorage', {
	isEncryptionAvailable() {
		after('safeStorage');
		return fake.settings.isSealing;
	},
	getSelectedStorageBackend: () => (fake.settings.isSealing ? 'gnome_libsecret' : 'basic_text'),
	encryptString: (text: string) => Buffer.from(`sealed:${[...text].reverse().join('')}`),
	decryptString: (sealed: Buffer) => [...sealed.toString().slice('sealed:'.length)].reverse().join(''),
});

export const screen = strict('screen', {
	getAllDisplays() {
		after('screen');
		return [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }];
	},
});
export const shell = strict('shell', { openExternal: async (url: string) => void fake.outside.push(url) });
export const dialog = strict('dialog', {
	showErrorBox: (title: string, text: string) => void fake.errorBoxes.push(`${title}: ${text}`),
});
