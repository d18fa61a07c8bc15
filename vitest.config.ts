import { defineConfig } from 'vitest/config';

/** Real processes from dist: one file after the other, so that each has the machine to itself. */
const wholeSystem = {
	setupFiles: ['test/support/leak-guard.ts'],
	testTimeout: 120_000,
	hookTimeout: 60_000,
	fileParallelism: false,
};

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					include: [
						'{shared,coordinator,agent,console/cli,console/kit,console/portal,test/support,test/bench}/**/*.test.{ts,tsx}',
						'tools/**/*.test.mjs',
					],
					testTimeout: 20_000,
				},
			},
			{
				test: {
					...wholeSystem,
					name: 'system',
					include: ['test/{system,chaos,conformance}/**/*.test.ts'],
				},
			},
			{
				test: {
					...wholeSystem,
					// A page waits more than it works: two files at a time take a little more than half the time.
					fileParallelism: true,
					maxWorkers: 2,
					name: 'browser',
					include: ['test/browser/**/*.test.ts'],
				},
			},
		],
	},
});
