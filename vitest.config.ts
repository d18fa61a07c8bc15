import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Real processes from dist. Two files at a time: with three, tests of leases and cuts fail now and then on two cores. */
const wholeSystem = {
	globalSetup: ['tools/bundle-for-tests.mjs'],
	setupFiles: ['test/support/costs.ts', 'test/support/leak-guard.ts'],
	testTimeout: 120_000,
	hookTimeout: 120_000,
	fileParallelism: true,
	maxWorkers: 2,
};

/** `expect.poll` gives up after one second if nobody says otherwise: a busy machine may need longer. */
const patient = { expect: { poll: { timeout: 30_000 } } };

/** Files of a worker share its process: what they import is loaded once, which is most of the work of a small file. */
const together = { isolate: false };

/** Whoever imports Electron would have it downloaded: tests get one that is not there. */
const electron = fileURLToPath(new URL('test/support/fake-electron.ts', import.meta.url));
process.env.ELECTRON_OVERRIDE_DIST_PATH ??= '/nonexistent';

export default defineConfig({
	test: {
		projects: [
			{
				resolve: { alias: { electron } },
				test: {
					...patient,
					...together,
					name: 'unit',
					include: [
						'{shared,coordinator,agent,console/cli,console/kit,console/portal,console/admin,console/desktop,test/support,test/bench,test/simulate,test/soak}/**/*.test.{ts,tsx}',
						'tools/**/*.test.mjs',
					],
					setupFiles: ['test/support/costs.ts', 'test/support/leaves-as-found.ts'],
					testTimeout: 60_000,
					maxWorkers: 2,
				},
			},
			{
				test: {
					...patient,
					...together,
					...wholeSystem,
					name: 'system',
					include: ['test/{system,chaos,conformance}/**/*.test.ts'],
				},
			},
			{
				test: {
					...patient,
					...together,
					...wholeSystem,
					name: 'browser',
					// With three on two cores, and unit tests beside them, pages waited for more than a minute.
					maxWorkers: 2,
					include: ['test/browser/**/*.test.ts'],
					// A look at all screens by axe is one test, and all of this runs behind the system tests.
					testTimeout: 600_000,
				},
			},
		],
	},
});
