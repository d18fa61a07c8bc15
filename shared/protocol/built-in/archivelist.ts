import type { ManifestInput } from '../task-type.ts';

export const archivelist: ManifestInput = {
	name: 'archivelist',
	title: 'List an archive',
	description:
		'Lists what is in a zip archive without unpacking it, and refuses archives that are made to do harm when unpacked.',
	inputs: { mediaTypes: ['application/zip'], min: 1, max: 1 },
	category: 'archives',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			maxEntries: {
				type: 'integer',
				minimum: 1,
				maximum: 10_000,
				default: 10_000,
				title: 'Most entries',
				description: 'An archive with more is refused',
				'x-ui': { advanced: true },
			},
		},
	},
	outputs: [{ name: 'files.csv', mediaType: 'text/csv', fileName: '{stem}-files.csv' }],
	limits: { softMs: 60_000, hardMs: 65_000 },
	retry: { maxFailures: 1 },
	routingKey: 'normal.archivelist',
};
