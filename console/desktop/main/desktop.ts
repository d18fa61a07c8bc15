import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Tray } from 'electron';
import { z } from 'zod';
import { APP_SCHEME } from './address.ts';
import { AgentProcess } from './agent-process.ts';
import { appProtocol, SCHEME_PRIVILEGES } from './app-protocol.ts';
import { LINK_SCHEME, linkIn, routeOfLink } from './deep-links.ts';
import type { ElectronParts, ProgramFiles } from './electron-parts.ts';
import { findNode } from './find-node.ts';
import { HealthWatch, type Standing, type Trouble } from './health-watch.ts';
import { answerRequests } from './ipc.ts';
import { JsonFile } from './json-file.ts';
import { KnownCoordinators } from './known-coordinators.ts';
import { type Leaving, leave, mayOpenOutside } from './leaving.ts';
import { LiveLines } from './live-lines.ts';
import { MainWindow } from './main-window.ts';
import { menuTemplate } from './menu-template.ts';
import { requestHandlers } from './requests.ts';
import { lockContents, lockPermissions, lockRequests } from './security.ts';
import { type TrayIcon, trayView } from './tray-view.ts';
import { WindowState } from './window-state.ts';

const settingsSchema = z.object({ notifies: z.boolean() });

/** The desktop console: builds its parts and ties them to Electron. Nothing else knows all of them. */
export class Desktop {
	readonly #electron: ElectronParts;
	readonly #files: ProgramFiles;
	readonly #notes: string[] = [];
	#known!: KnownCoordinators;
	#window!: MainWindow;
	#live!: LiveLines;
	#agent!: AgentProcess;
	#watch!: HealthWatch;
	#settings!: JsonFile<z.infer<typeof settingsSchema>>;
	#tray: Tray | null = null;
	/** A link that came before there was a window. */
	#route: string | null = null;

	constructor(electron: ElectronParts, files: ProgramFiles) {
		this.#electron = electron;
		this.#files = files;
	}

	/** Resolves when the window is open; rejects with a sentence when that cannot be. */
	async begin(): Promise<void> {
		const { app, protocol } = this.#electron;
		app.enableSandbox();
		protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: SCHEME_PRIVILEGES }]);
		// A second one would fight over the same files; the first is told, and shows itself.
		if (!app.requestSingleInstanceLock()) {
			app.quit();
			return;
		}
		// From sources it would be Electron itself that all links then open.
		if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
		app.setAppUserModelId('org.millrace.console');
		this.#route = this.#routeIn(process.argv);
		app.on('second-instance', (_, argv) => this.#show(this.#routeIn(argv)));
		app.on('open-url', (event, link) => {
			event.preventDefault();
			this.#show(routeOfLink(link));
		});
		app.on('web-contents-created', (_, contents) =>
			lockContents(
				contents,
				(target) => leave(target, this.#known.current),
				(leaving) => this.#leave(leaving),
			),
		);
		await app.whenReady();
		this.#build();
		this.#tie();
		this.#window.show(this.#route);
		this.#watch.start();
	}

	#build(): void {
		const { app, BrowserWindow, safeStorage, screen } = this.#electron;
		const folder = app.getPath('userData');
		const onBroken = (sentence: string) => void this.#notes.push(sentence);
		const isSealing = () =>
			safeStorage.isEncryptionAvailable() &&
			// Then Linux has no keyring, and the key is one that everybody knows.
			(process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text');
		this.#settings = new JsonFile({
			...{ path: join(folder, 'settings.json'), schema: settingsSchema, empty: { notifies: true }, onBroken },
		});
		this.#known = new KnownCoordinators({
			folder,
			version: app.getVersion(),
			onBroken,
			onJudged: () => this.#window.tell({ kind: 'state' }),
			seal: {
				isGood: isSealing,
				encrypt: (text) => safeStorage.encryptString(text),
				decrypt: (sealed) => safeStorage.decryptString(sealed),
			},
		});
		this.#live = new LiveLines({
			...{ lines: this.#known.lines, sessions: this.#known.sessions },
			tell: (id, event) => this.#window.send('millrace:live', id, event),
		});
		this.#window = new MainWindow({
			electron: { BrowserWindow, screen },
			preload: this.#files.preload,
			state: new WindowState(join(folder, 'window.json'), onBroken),
			onPageGone: () => this.#live.closeAll(),
		});
		this.#agent = new AgentProcess({
			entry: this.#files.agentEntry,
			findNode: () => findNode(process.env.PATH, process.platform),
			spawn,
			folder: join(folder, 'agents'),
			env: process.env,
			onChange: () => this.#window.send('millrace:agent', this.#agent.view(this.#known.current)),
		});
		this.#watch = new HealthWatch({
			passOn: this.#known.passOn,
			current: () => this.#known.current,
			isSignedIn: ({ id }) => this.#known.sessions.of(id) !== null,
			onStanding: (standing, news) => this.#tell(standing, news),
		});
	}

	#tie(): void {
		const { app, ipcMain, protocol, session } = this.#electron;
		lockPermissions(session.defaultSession);
		lockRequests(session.defaultSession);
		const { passOn } = this.#known;
		protocol.handle(APP_SCHEME, appProtocol({ folder: this.#files.pages, current: () => this.#known.current, passOn }));
		const handlers = requestHandlers({
			...{ known: this.#known, live: this.#live, agent: this.#agent, window: this.#window, notes: this.#notes },
			onChange: () => this.#showMenu(),
			onChosen: () => this.#begin(),
		});
		answerRequests(ipcMain, () => this.#window.contents, handlers);
		this.#showMenu();
		this.#tell({ kind: 'unknown' }, []);
		app.on('activate', () => this.#window.show());
		app.on('window-all-closed', () => {
			if (process.platform !== 'darwin') app.quit();
		});
		app.on('before-quit', (event) => {
			if (!this.#agent.isRunning) return;
			event.preventDefault();
			void this.#agent.end().then(() => app.quit());
		});
		app.on('will-quit', () => {
			this.#watch[Symbol.dispose]();
			this.#live.closeAll();
		});
	}

	#routeIn(argv: readonly string[]): string | null {
		const link = linkIn(argv);
		return link === null ? null : routeOfLink(link);
	}

	#show(route: string | null): void {
		if (this.#electron.app.isReady() && this.#window !== undefined) this.#window.show(route);
		else this.#route = route ?? this.#route;
	}

	/** Another coordinator is looked at: nothing of the one before may be on the screen. */
	#begin(): void {
		this.#live.closeAll();
		this.#showMenu();
		this.#window.begin();
		void this.#watch.look();
	}

	#leave(leaving: Leaving): void {
		if (leaving.kind === 'outside') void this.#electron.shell.openExternal(leaving.url);
		else if (leaving.kind === 'save') this.#window.contents?.downloadURL(leaving.url);
	}

	#openOutside(path: string): void {
		const { current } = this.#known;
		const url = (current?.url ?? '') + path;
		if (mayOpenOutside(url, current)) void this.#electron.shell.openExternal(url);
	}

	#showMenu(): void {
		const { app, Menu } = this.#electron;
		const { profiles, current } = this.#known;
		const template = menuTemplate({
			isMac: process.platform === 'darwin',
			isDevelopment: !app.isPackaged,
			profiles: profiles.all,
			currentId: current?.id ?? null,
			notifies: this.#settings.value.notifies,
			tell: (command) => {
				this.#window.show();
				this.#window.tell(command);
			},
			choose: (id) => {
				profiles.choose(id);
				this.#begin();
			},
			setNotifies: (notifies) => this.#settings.write({ notifies }),
			openOutside: (path) => this.#openOutside(path),
		});
		Menu.setApplicationMenu(Menu.buildFromTemplate(template));
	}

	#image(icon: TrayIcon) {
		return this.#electron.nativeImage.createFromPath(join(this.#files.icons, `tray-${icon}.png`));
	}

	#tell(standing: Standing, news: readonly Trouble[]): void {
		const { app, Menu, Notification, Tray } = this.#electron;
		const show = () => this.#window.show();
		const { icon, tip, menu } = trayView(standing, this.#known.current, { show, quit: () => app.quit() });
		const image = this.#image(icon);
		if (this.#tray === null) {
			this.#tray = new Tray(image);
			this.#tray.on('click', show);
		} else this.#tray.setImage(image);
		this.#tray.setToolTip(tip);
		this.#tray.setContextMenu(Menu.buildFromTemplate(menu));
		if (news.length === 0 || !this.#settings.value.notifies || !Notification.isSupported()) return;
		const [first] = news;
		const title = `${this.#known.current?.name}: ${news.length === 1 ? 'a new problem' : `${news.length} new problems`}`;
		const notification = new Notification({ title, body: first?.what ?? '' });
		notification.on('click', () => this.#window.show('/'));
		notification.show();
	}
}
