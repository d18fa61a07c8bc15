import { ensureBuilt } from './build.mjs';
import { electronBinary } from './electron-binary.mjs';
import { ensureInstalled, runTool } from './install.mjs';
import { stopWith } from './run-command.mjs';

/** Packs the desktop console for this system, into dist/packages. `npm run package -- --dir` makes no installer. */
await ensureInstalled();
await ensureBuilt();
const args = ['--publish', 'never', ...process.argv.slice(2)];
const code = await runTool('electron-builder/cli.js', args);
if (code === 0) process.exit(0);
const hint =
	electronBinary() === null
		? ' Without Electron on this machine it is downloaded from GitHub; where that cannot be, give an unpacked one: npm run package -- -c.electronDist=FOLDER'
		: '';
stopWith(`electron-builder failed: see above.${hint}`);
