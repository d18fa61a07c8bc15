import type { ManifestInput } from '../task-type.ts';

export const textstats: ManifestInput = {
	name: 'textstats',
	title: 'Text statistics',
	description:
		'Counts lines, words and characters of a text in any language, and names the words that are most frequent.',
	inputs: {
		mediaTypes: ['text/*', 'application/json', 'application/xml', 'application/x-ndjson'],
		min: 1,
		max: 1,
	},
	category: 'text',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			topWords: {
				type: 'integer',
				minimum: 0,
				maximum: 100,
				default: 20,
				title: 'Frequent words',
				description: 'How many are named',
			},
			minLength: {
				type: 'integer',
				minimum: 1,
				maximum: 64,
				default: 3,
				title: 'Shortest word',
				description: 'Characters that a frequent word has at least',
				'x-ui': { advanced: true },
			},
		},
	},
	limits: { softMs: 120_000, hardMs: 130_000 },
	routingKey: 'normal.textstats',
};
