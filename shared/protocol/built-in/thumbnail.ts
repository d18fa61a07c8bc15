import type { ManifestInput } from '../task-type.ts';
import { IMAGES } from './image-types.ts';

export const thumbnail: ManifestInput = {
	name: 'thumbnail',
	title: 'Thumbnail',
	description: 'Makes a small picture: turned as the camera says, without metadata.',
	inputs: { mediaTypes: IMAGES, min: 1, max: 1 },
	category: 'images',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			width: {
				type: 'integer',
				minimum: 1,
				maximum: 4096,
				default: 120,
				title: 'Width',
				description: 'Pixels at most',
			},
			height: {
				type: 'integer',
				minimum: 1,
				maximum: 4096,
				default: 210,
				title: 'Height',
				description: 'Pixels at most',
			},
			fit: { type: 'string', enum: ['inside', 'cover', 'contain', 'fill'], default: 'inside', title: 'Fit' },
			format: { type: 'string', enum: ['jpeg', 'png', 'webp'], default: 'jpeg', title: 'Format' },
		},
	},
	limits: { softMs: 30_000, hardMs: 35_000 },
	outputs: [{ name: 'thumbnail.*', mediaType: 'image/*', role: 'thumbnail' }],
	routingKey: 'normal.thumbnail',
};
