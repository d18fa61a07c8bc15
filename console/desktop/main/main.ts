import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	app,
	BrowserWindow,
	dialog,
	ipcMain,
	Menu,
	Notification,
	nativeImage,
	protocol,
	safeStorage,
	screen,
	session,
	shell,
	Tray,
} from 'electron';
import { Desktop } from './desktop.ts';

/** Of what is built: dist/console/desktop, in the package and in the repository alike. */
const built = fileURLToPath(new URL('..', import.meta.url));
const beside = app.isPackaged ? join(process.resourcesPath, 'agent', 'dist') : join(built, '..', '..');
const agentEntry = join(beside, 'agent', 'main.js');

new Desktop(
	{
		...{ app, BrowserWindow, ipcMain, Menu, Notification, nativeImage, protocol },
		...{ safeStorage, screen, session, shell, Tray },
	},
	{
		pages: join(built, '..', 'admin'),
		preload: join(built, 'preload', 'preload.cjs'),
		icons: join(built, 'icons'),
		agentEntry: existsSync(agentEntry) ? agentEntry : null,
	},
)
	.begin()
	.catch((error: unknown) => {
		const why = error instanceof Error ? error.message : String(error);
		dialog.showErrorBox('Millrace could not start', `${why}\n\nSettings are in ${app.getPath('userData')}.`);
		app.exit(1);
	});
