import type { ManifestInput } from '../task-type.ts';

export const md5: ManifestInput = {
	name: 'md5',
	title: 'MD5 checksum',
	description: 'Computes the MD5 checksum of a file.',
	category: 'facts',
	parameters: { type: 'object', additionalProperties: false, properties: {} },
	routingKey: 'normal.md5',
};
