import type { ManifestInput } from '../task-type.ts';

export const noop: ManifestInput = {
	name: 'noop',
	title: 'Nothing at all',
	description: 'Sleeps, burns CPU and echoes, as told. For health checks, simulations and benchmarks.',
	inputs: { mediaTypes: ['*/*'], min: 0, max: 100 },
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			sleepMs: {
				type: 'integer',
				minimum: 0,
				maximum: 3_600_000,
				title: 'Sleep',
				description: 'Milliseconds to sleep',
			},
			cpuMs: {
				type: 'integer',
				minimum: 0,
				maximum: 3_600_000,
				title: 'CPU',
				description: 'Milliseconds of CPU to burn',
			},
			echo: { title: 'Echo', description: 'Comes back as the result’s `echo`' },
		},
	},
	routingKey: 'normal.noop',
};
