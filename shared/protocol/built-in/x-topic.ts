import type { ManifestInput } from '../task-type.ts';

export const xTopic: ManifestInput = {
	name: 'x-topic',
	title: 'Topic from X',
	description: 'Searches the posts of the last seven days on X for a topic, and reads those that are new.',
	inputs: { mediaTypes: ['*/*'], min: 0, max: 0 },
	category: 'sources',
	parameters: {
		type: 'object',
		additionalProperties: false,
		required: ['topic'],
		properties: {
			topic: {
				type: 'string',
				minLength: 1,
				maxLength: 400,
				title: 'Topic',
				description: 'Words, “exact phrases”, #hashtags and the operators of X’s search',
			},
			language: {
				type: 'string',
				pattern: '^[a-z]{2,3}$',
				maxLength: 3,
				title: 'Language',
				description: 'Two letters, such as en; left out: any',
			},
			noReposts: { type: 'boolean', default: true, title: 'Without reposts' },
			maxItems: {
				type: 'integer',
				minimum: 10,
				maximum: 1000,
				default: 100,
				title: 'Most posts at a time',
				description: 'X charges for every post that is read. What is left is read the next time',
			},
		},
	},
	outputs: [{ name: 'items.jsonl', mediaType: 'application/x-ndjson', fileName: '{output}' }],
	network: 'guarded',
	secrets: [
		{
			slot: 'bearerToken',
			title: 'Bearer token',
			description: 'Of an app of yours at developer.x.com: “Keys and tokens”, then “Bearer token”',
			required: true,
		},
	],
	source: true,
	limits: { softMs: 300_000, hardMs: 310_000, memoryBytes: 536_870_912 },
	retry: { maxFailures: 3, backoffMs: 60_000, backoffMaxMs: 900_000 },
	routingKey: 'normal.fetch.x',
	deterministic: false,
};
