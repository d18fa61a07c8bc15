import type { ManifestInput } from '../task-type.ts';
import { IMAGES } from './image-types.ts';

export const imagefacts: ManifestInput = {
	name: 'imagefacts',
	title: 'Image facts',
	description: 'Reads width, height, format, orientation and the date the picture was taken.',
	inputs: { mediaTypes: IMAGES, min: 1, max: 1 },
	category: 'facts',
	parameters: { type: 'object', additionalProperties: false, properties: {} },
	limits: { softMs: 30_000, hardMs: 35_000 },
	routingKey: 'normal.imagefacts',
};
