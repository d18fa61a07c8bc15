import type { ManifestInput } from '../task-type.ts';

export const checksum: ManifestInput = {
	name: 'checksum',
	title: 'Checksums',
	description: 'Computes checksums of files and lists them as `sha256sum --check` and `shasum --check` read it.',
	inputs: { mediaTypes: ['*/*'], min: 1, max: 100 },
	category: 'facts',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			algorithms: {
				type: 'array',
				items: { type: 'string', enum: ['sha1', 'sha256', 'sha512'] },
				minItems: 1,
				maxItems: 3,
				uniqueItems: true,
				default: ['sha256'],
				title: 'Algorithms',
				'x-ui': { widget: 'tags' },
			},
		},
	},
	outputs: [{ name: 'SHASUMS.txt', mediaType: 'text/plain', fileName: '{output}' }],
	limits: { softMs: 3_600_000, hardMs: 3_630_000 },
	routingKey: 'normal.checksum',
};
