import type { ManifestInput } from '../task-type.ts';

const words = { type: 'string', minLength: 1, maxLength: 100 } as const;

export const feedTopic: ManifestInput = {
	name: 'feed-topic',
	title: 'Topic from a feed',
	description: 'Reads what is new in an RSS or Atom feed, and keeps what is about the topic.',
	inputs: { mediaTypes: ['*/*'], min: 0, max: 0 },
	category: 'sources',
	parameters: {
		type: 'object',
		additionalProperties: false,
		required: ['url'],
		properties: {
			url: { type: 'string', format: 'uri', minLength: 1, maxLength: 4096, title: 'Address of the feed' },
			include: {
				type: 'array',
				items: words,
				maxItems: 50,
				default: [],
				title: 'Any of these words',
				description: 'In the title or the text; none: everything',
				'x-ui': { widget: 'tags' },
			},
			exclude: {
				type: 'array',
				items: words,
				maxItems: 50,
				default: [],
				title: 'None of these words',
				'x-ui': { widget: 'tags' },
			},
			maxItems: {
				type: 'integer',
				minimum: 1,
				maximum: 500,
				default: 100,
				title: 'Most items at a time',
				description: 'What is left is read the next time',
			},
		},
	},
	outputs: [{ name: 'items.jsonl', mediaType: 'application/x-ndjson', fileName: '{output}' }],
	network: 'guarded',
	source: true,
	limits: { softMs: 30_000, hardMs: 40_000, memoryBytes: 536_870_912 },
	retry: { maxFailures: 3, backoffMs: 60_000, backoffMaxMs: 900_000 },
	routingKey: 'normal.fetch.feed',
	deterministic: false,
};
