import type { BrowserWindowConstructorOptions, Session, WebContents } from 'electron';
import { isOwnUrl } from './address.ts';
import type { Leaving } from './leaving.ts';

/** A window whose page is as confined as a tab's. Everything is said, also what is so by default. */
export const windowOptions = (preload: string): BrowserWindowConstructorOptions => ({
	show: false,
	minWidth: 720,
	minHeight: 480,
	title: 'Millrace',
	autoHideMenuBar: false,
	webPreferences: {
		preload,
		sandbox: true,
		contextIsolation: true,
		nodeIntegration: false,
		nodeIntegrationInWorker: false,
		nodeIntegrationInSubFrames: false,
		webSecurity: true,
		allowRunningInsecureContent: false,
		experimentalFeatures: false,
		webviewTag: false,
		navigateOnDragDrop: false,
		spellcheck: false,
		safeDialogs: true,
	},
});

/** No page gets anything of the machine: no camera, no place, no notification, no device. Copying text needs none of it. */
export const lockPermissions = (session: Session): void => {
	session.setPermissionRequestHandler((_, __, answer) => answer(false));
	session.setPermissionCheckHandler(() => false);
	session.setDevicePermissionHandler(() => false);
	session.on('will-download', (event, item) => {
		const [first = ''] = item.getURLChain();
		// What the page has made itself, such as a table as CSV, has an address that begins with its origin.
		if (!isOwnUrl(first.replace(/^blob:/, ''))) event.preventDefault();
	});
};

/** Ours, what the page has made itself, and the tools of who works on it. */
const PAGE_SCHEMES: readonly string[] = ['app:', 'blob:', 'data:', 'devtools:'];

/** The page reaches the network through us alone, whatever its policy says. */
export const lockRequests = (session: Session): void => {
	session.webRequest.onBeforeRequest(({ url }, answer) =>
		answer({ cancel: !URL.canParse(url) || !PAGE_SCHEMES.includes(new URL(url).protocol) }),
	);
};

/** The page stays what it is: it goes nowhere, opens nothing, and holds no other page. */
export const lockContents = (
	contents: WebContents,
	onLeave: (target: string) => Leaving,
	act: (leaving: Leaving) => void,
): void => {
	const stop = (event: { preventDefault(): void; url: string }) => {
		event.preventDefault();
		act(onLeave(event.url));
	};
	contents.on('will-navigate', stop);
	contents.on('will-frame-navigate', (event) => {
		if (!event.isMainFrame) event.preventDefault();
	});
	contents.on('will-redirect', (event) => event.preventDefault());
	contents.on('will-attach-webview', (event) => event.preventDefault());
	contents.setWindowOpenHandler(({ url }) => {
		act(onLeave(url));
		return { action: 'deny' };
	});
};
