import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { ROOT, run } from './run-command.mjs';

await ensureInstalled();
await ensureBuilt();
process.exit(
	await run(process.execPath, ['dist/modules/test/screenshots/main.js', ...process.argv.slice(2)], { cwd: ROOT }),
);
