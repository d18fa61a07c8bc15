import { ensureBuilt } from './build.mjs';
import { ensureInstalled, runTool } from './install.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/** The fault tests and the scheduler's model in their long form; a path after `--` picks some: `npm run chaos -- agent-dies`. */
await ensureInstalled();
await ensureBuilt();
for (const program of await ensureSystemPackages()) console.log(`MISSING: ${program}: tests that need it are skipped`);
const args = ['run', '--project', 'system', '--project', 'unit', '--testTimeout=3600000', '--hookTimeout=120000'];
const picked = process.argv.slice(2);
const env = { ...process.env, MILLRACE_CHAOS: 'long' };
process.exit(
	await runTool(
		'vitest/vitest.mjs',
		[...args, ...(picked.length > 0 ? picked : ['test/chaos', 'coordinator/scheduler/scheduler-model'])],
		{ env },
	),
);
