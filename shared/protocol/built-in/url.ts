import type { ManifestInput } from '../task-type.ts';

export const url: ManifestInput = {
	name: 'url',
	title: 'Watch an address',
	description: 'Looks whether what is at an address has changed, and keeps each state of it.',
	inputs: { mediaTypes: ['*/*'], min: 0, max: 0 },
	category: 'sources',
	parameters: {
		type: 'object',
		additionalProperties: false,
		required: ['url'],
		properties: {
			url: { type: 'string', format: 'uri', minLength: 1, maxLength: 4096, title: 'Address' },
			store: {
				type: 'boolean',
				default: true,
				title: 'Keep the content',
				description: 'Off: only that it changed, when, and its checksum',
			},
		},
	},
	outputs: [
		{ name: 'items.jsonl', mediaType: 'application/x-ndjson', fileName: '{output}' },
		{ name: 'content.*', mediaType: '*/*', fileName: '{output}' },
	],
	network: 'guarded',
	source: true,
	limits: { softMs: 120_000, hardMs: 130_000, memoryBytes: 536_870_912 },
	retry: { maxFailures: 3, backoffMs: 60_000, backoffMaxMs: 900_000 },
	routingKey: 'normal.fetch.url',
	deterministic: false,
};
