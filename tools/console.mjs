import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { electronBinary, NO_ELECTRON } from './electron-binary.mjs';
import { ensureInstalled } from './install.mjs';
import { ROOT, run, stopWith } from './run-command.mjs';

/** Starts the desktop console from what is built. */
await ensureInstalled();
const electron = electronBinary();
if (electron === null) stopWith(`${NO_ELECTRON} The same screens are in a browser, at /console/ of the coordinator.`);
await ensureBuilt();
process.exit(await run(electron, [join(ROOT, 'dist', 'console'), ...process.argv.slice(2)]));
