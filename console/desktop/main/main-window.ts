import type { BrowserWindow } from 'electron';
import type { DesktopCommand } from '../../bridge.ts';
import { PAGE_URL } from './address.ts';
import type { ElectronParts } from './electron-parts.ts';
import { windowOptions } from './security.ts';
import type { WindowState } from './window-state.ts';

/** A page that dies again so soon is not loaded again by itself. */
const CRASH_MS = 10_000;
const KEEP_MS = 500;

interface WindowParts {
	electron: Pick<ElectronParts, 'BrowserWindow' | 'screen'>;
	preload: string;
	state: WindowState;
	/** The page is another one from now on, or gone: what was open for it ends. */
	onPageGone(): void;
}

/** The one window: made when it is needed, and told what to show. */
export class MainWindow {
	readonly #parts: WindowParts;
	#window: BrowserWindow | null = null;
	#crashedAt = Number.NEGATIVE_INFINITY;
	#keepTimer: NodeJS.Timeout | undefined;

	constructor(parts: WindowParts) {
		this.#parts = parts;
	}

	get contents() {
		return this.#window?.webContents ?? null;
	}

	/** Brings it to the front, at a screen such as `/nodes/…` if one is given. */
	show(route: string | null = null): void {
		if (this.#window === null) {
			this.#open(route);
			return;
		}
		if (this.#window.isMinimized()) this.#window.restore();
		this.#window.show();
		this.#window.focus();
		if (route !== null) this.tell({ kind: 'go', to: route });
	}

	/** Loads the page anew, with nothing of what it was. */
	begin(): void {
		// Without a fragment: from one to another a page only scrolls.
		this.#window?.loadURL(PAGE_URL).catch(() => {});
	}

	reload(): void {
		this.#window?.webContents.reload();
	}

	tell(command: DesktopCommand): void {
		this.send('millrace:command', command);
	}

	send(channel: string, ...args: unknown[]): void {
		if (this.#window !== null && !this.#window.isDestroyed()) this.#window.webContents.send(channel, ...args);
	}

	#open(route: string | null): void {
		const { electron, preload, state } = this.#parts;
		const screens = electron.screen.getAllDisplays().map(({ workArea }) => workArea);
		const window = new electron.BrowserWindow({ ...windowOptions(preload), ...state.place(screens) });
		this.#window = window;
		if (state.isMaximized) window.maximize();
		window.once('ready-to-show', () => window.show());
		const keep = () => state.keep({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
		const keepSoon = () => {
			clearTimeout(this.#keepTimer);
			this.#keepTimer = setTimeout(keep, KEEP_MS);
		};
		window.on('resize', keepSoon);
		window.on('move', keepSoon);
		window.on('close', () => {
			clearTimeout(this.#keepTimer);
			keep();
		});
		window.on('closed', () => {
			this.#window = null;
			this.#parts.onPageGone();
		});
		window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
			if (isMainFrame && !isSameDocument) this.#parts.onPageGone();
		});
		window.webContents.on('render-process-gone', (_, { reason }) => {
			this.#parts.onPageGone();
			const isAgain = Date.now() - this.#crashedAt < CRASH_MS;
			this.#crashedAt = Date.now();
			if (reason !== 'clean-exit' && !isAgain) window.webContents.reload();
		});
		// A newer address before this one is loaded ends it, which is no fault.
		window.loadURL(PAGE_URL + (route === null ? '' : `#${route}`)).catch(() => {});
	}
}
