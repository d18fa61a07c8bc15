import type { ManifestInput } from '../task-type.ts';

export const verify: ManifestInput = {
	name: 'verify',
	title: 'Verify files',
	description:
		'Reads files again and compares them with the SHA-256 that they had when they came, or with a checksum of yours. Fails when they differ.',
	inputs: { mediaTypes: ['*/*'], min: 1, max: 1000 },
	category: 'facts',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			expected: {
				type: 'string',
				pattern: '^\\s*([0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})\\s*$',
				maxLength: 160,
				title: 'Expected checksum',
				description: 'MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal, of a single file',
			},
		},
	},
	limits: { softMs: 3_600_000, hardMs: 3_630_000 },
	retry: { maxFailures: 1 },
	routingKey: 'normal.verify',
};
