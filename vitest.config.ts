import { defineConfig } from 'vitest/config';

export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'unit',
					include: ['{shared,coordinator,agent,console/cli,console/kit,console/portal}/**/*.test.ts'],
					testTimeout: 20_000,
				},
			},
			{
				// Real processes from dist: one file after the other, so that each has the machine to itself.
				test: {
					name: 'system',
					include: ['test/system/**/*.test.ts', 'test/chaos/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 60_000,
					fileParallelism: false,
				},
			},
			{
				test: {
					name: 'browser',
					include: ['test/browser/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 60_000,
					fileParallelism: false,
				},
			},
		],
	},
});
