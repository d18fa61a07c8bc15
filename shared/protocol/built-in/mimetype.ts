import type { ManifestInput } from '../task-type.ts';

export const mimetype: ManifestInput = {
	name: 'mimetype',
	title: 'File type',
	description: 'Finds the MIME type from the content, never from the name.',
	category: 'facts',
	parameters: { type: 'object', additionalProperties: false, properties: {} },
	routingKey: 'normal.mimetype',
};
