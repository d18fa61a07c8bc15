import type { ManifestInput } from '../task-type.ts';

export const csvprofile: ManifestInput = {
	name: 'csvprofile',
	title: 'Profile a table',
	description:
		'Says what is in the columns of a CSV file: type, empty cells, distinct values, least, greatest and mean.',
	inputs: { mediaTypes: ['text/csv', 'text/plain', 'text/tab-separated-values'], min: 1, max: 1 },
	category: 'text',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			delimiter: {
				type: 'string',
				enum: ['auto', ',', ';', 'tab', '|'],
				default: 'auto',
				title: 'Between cells',
			},
			header: {
				type: 'string',
				enum: ['auto', 'yes', 'no'],
				default: 'auto',
				title: 'First row is a header',
				'x-ui': { widget: 'radio' },
			},
			sample: {
				type: 'integer',
				minimum: 0,
				maximum: 1000,
				default: 0,
				title: 'Sample rows',
				description: 'So many of the first rows go into the profile as they are',
				'x-ui': { advanced: true },
			},
		},
	},
	outputs: [{ name: 'profile.json', mediaType: 'application/json', fileName: '{stem}-profile.json' }],
	limits: { softMs: 600_000, hardMs: 610_000 },
	routingKey: 'normal.csvprofile',
};
