import type { ManifestInput } from '../task-type.ts';
import { IMAGES } from './image-types.ts';

export const convert: ManifestInput = {
	name: 'convert',
	title: 'Convert a picture',
	description: 'Writes a picture in another format: turned as the camera says, of an animation the first frame.',
	inputs: { mediaTypes: IMAGES, min: 1, max: 1 },
	category: 'images',
	parameters: {
		type: 'object',
		additionalProperties: false,
		required: ['format'],
		properties: {
			format: {
				type: 'string',
				enum: ['jpeg', 'png', 'webp', 'avif', 'tiff'],
				title: 'Format',
				'x-ui': { widget: 'radio', order: 1 },
			},
			quality: {
				type: 'integer',
				minimum: 1,
				maximum: 100,
				default: 82,
				title: 'Quality',
				description: 'Of JPEG, WebP and AVIF; the others lose nothing',
				'x-ui': { widget: 'slider', order: 2 },
			},
			background: {
				type: 'string',
				pattern: '^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$',
				maxLength: 7,
				default: '#fff',
				title: 'Background',
				description: 'What shows through where the picture is transparent, in JPEG',
				'x-ui': { order: 3, showIf: { parameter: 'format', equals: 'jpeg' } },
			},
			keepColourProfile: {
				type: 'boolean',
				default: false,
				title: 'Keep the colour profile',
				description: 'Otherwise the colours are turned into sRGB, which every program shows alike',
				'x-ui': { widget: 'switch', order: 4, advanced: true },
			},
		},
	},
	outputs: [{ name: 'converted.*', mediaType: 'image/*', fileName: '{stem}.{ext}' }],
	limits: { softMs: 60_000, hardMs: 65_000 },
	routingKey: 'normal.convert',
};
