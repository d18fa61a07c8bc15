/** What of Electron is used; handed in, so that everything but main.ts runs without it. */
export type ElectronParts = Pick<
	typeof import('electron'),
	| 'app'
	| 'BrowserWindow'
	| 'ipcMain'
	| 'Menu'
	| 'Notification'
	| 'nativeImage'
	| 'protocol'
	| 'safeStorage'
	| 'screen'
	| 'session'
	| 'shell'
	| 'Tray'
>;

/** Where what belongs to the program lies. */
export interface ProgramFiles {
	/** The built console. */
	pages: string;
	preload: string;
	icons: string;
	/** Null when it was not built or not packed. */
	agentEntry: string | null;
}
