import { defineConfig } from 'vitest/config';

/** Real processes from dist. They wait more than they work: two files at a time take little more than half the time. */
const wholeSystem = {
	globalSetup: ['tools/bundle-for-tests.mjs'],
	setupFiles: ['test/support/leak-guard.ts'],
	testTimeout: 120_000,
	hookTimeout: 120_000,
	fileParallelism: true,
	maxWorkers: 2,
};

/** `expect.poll` gives up after one second if nobody says otherwise: a busy machine may need longer. */
const patient = { expect: { poll: { timeout: 30_000 } } };

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					...patient,
					name: 'unit',
					include: [
						'{shared,coordinator,agent,console/cli,console/kit,console/portal,test/support,test/bench,test/simulate}/**/*.test.{ts,tsx}',
						'tools/**/*.test.mjs',
					],
					testTimeout: 60_000,
					maxWorkers: 2,
				},
			},
			{
				test: {
					...patient,
					...wholeSystem,
					name: 'system',
					include: ['test/{system,chaos,conformance}/**/*.test.ts'],
				},
			},
			{
				test: {
					...patient,
					...wholeSystem,
					name: 'browser',
					include: ['test/browser/**/*.test.ts'],
					// A look at all screens by axe is one test.
					testTimeout: 300_000,
				},
			},
		],
	},
});
