import type { ManifestInput } from '../task-type.ts';
import { IMAGES } from './image-types.ts';

export const resize: ManifestInput = {
	name: 'resize',
	title: 'Resize a picture',
	description:
		'Makes a picture of another size: turned as the camera says, of an animation the first frame. One of width and height is enough.',
	inputs: { mediaTypes: IMAGES, min: 1, max: 1 },
	category: 'images',
	parameters: {
		type: 'object',
		additionalProperties: false,
		properties: {
			width: {
				type: 'integer',
				minimum: 1,
				maximum: 8192,
				title: 'Width',
				examples: [1200],
				'x-ui': { unit: 'pixels', order: 1 },
			},
			height: {
				type: 'integer',
				minimum: 1,
				maximum: 8192,
				title: 'Height',
				description: 'Left out, it follows from the width',
				'x-ui': { unit: 'pixels', order: 2 },
			},
			fit: {
				type: 'string',
				enum: ['inside', 'cover', 'contain', 'fill'],
				default: 'inside',
				title: 'Fit',
				description:
					'inside: as large as fits; cover: cut so that both sides are filled; contain: with a margin; fill: distorted',
				'x-ui': { widget: 'radio', order: 3 },
			},
			format: {
				type: 'string',
				enum: ['same', 'jpeg', 'png', 'webp', 'avif'],
				default: 'same',
				title: 'Format',
				description: 'What is none of these becomes PNG',
				'x-ui': { order: 4 },
			},
			quality: {
				type: 'integer',
				minimum: 1,
				maximum: 100,
				default: 82,
				title: 'Quality',
				description: 'Of JPEG, WebP and AVIF',
				'x-ui': { widget: 'slider', order: 5, advanced: true },
			},
			enlarge: {
				type: 'boolean',
				default: false,
				title: 'Enlarge small pictures',
				'x-ui': { widget: 'switch', order: 6, advanced: true },
			},
			stripMetadata: {
				type: 'boolean',
				default: true,
				title: 'Leave out metadata',
				description: 'Camera, place and date are not in the new picture',
				'x-ui': { widget: 'switch', order: 7, advanced: true },
			},
		},
	},
	outputs: [{ name: 'resized.*', mediaType: 'image/*', fileName: '{stem}-{width}x{height}.{ext}' }],
	limits: { softMs: 60_000, hardMs: 65_000 },
	routingKey: 'normal.resize',
};
