import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run-command.mjs';

/** Where the program is in an unpacked Electron. */
const PROGRAM = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** The folders that may hold an unpacked Electron. The package comes without: whoever asks it for one has it downloaded. */
const folders = () => [process.env.ELECTRON_OVERRIDE_DIST_PATH, join(ROOT, 'node_modules', 'electron', 'dist')];

/** Electron's program on this machine; null when there is none. Nothing is downloaded. */
export const electronBinary = () =>
	folders()
		.filter(Boolean)
		.map((folder) => join(folder, PROGRAM[process.platform] ?? 'electron'))
		.find(existsSync) ?? null;

/** What to do where there is none. */
export const NO_ELECTRON =
	'There is no Electron on this machine. `npx install-electron` downloads it from GitHub; or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked one.';
