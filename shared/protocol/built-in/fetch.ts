import type { ManifestInput } from '../task-type.ts';

export const fetchFile: ManifestInput = {
	name: 'fetch',
	title: 'Fetch a file',
	description:
		'Downloads a file from the web. Only public addresses are asked, and those that the node’s operator allows.',
	inputs: { mediaTypes: ['*/*'], min: 0, max: 0 },
	category: 'tools',
	parameters: {
		type: 'object',
		additionalProperties: false,
		required: ['url'],
		properties: {
			url: {
				type: 'string',
				format: 'uri',
				minLength: 1,
				maxLength: 4096,
				title: 'Address',
				'x-ui': { placeholder: 'https://example.org/data.csv' },
			},
			name: {
				type: 'string',
				minLength: 1,
				maxLength: 200,
				title: 'File name',
				description: 'Left out: as the server calls it, or the last part of the address',
			},
			maxBytes: {
				type: 'integer',
				minimum: 1,
				maximum: 1_073_741_824,
				default: 104_857_600,
				title: 'Most bytes',
				description: 'A larger file is not fetched',
				'x-ui': { unit: 'bytes', advanced: true },
			},
			headers: {
				type: 'array',
				items: { type: 'string', minLength: 3, maxLength: 1000 },
				maxItems: 8,
				default: [],
				title: 'Request headers',
				description: 'One “Name: value” each, such as Accept: text/csv. For Authorization use the secret',
				'x-ui': { advanced: true },
			},
		},
	},
	outputs: [{ name: '*', mediaType: '*/*', fileName: '{output}' }],
	network: 'guarded',
	secrets: [
		{
			slot: 'authorization',
			title: 'Authorization',
			description:
				'The whole value of the header Authorization, such as: Bearer abc. Sent over HTTPS to that server only',
			required: false,
		},
	],
	limits: { softMs: 1_800_000, hardMs: 1_810_000, memoryBytes: 536_870_912 },
	retry: { maxFailures: 3, backoffMs: 10_000, backoffMaxMs: 600_000 },
	routingKey: 'normal.fetch',
	deterministic: false,
};
