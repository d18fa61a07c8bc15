import { type Manifest, type ManifestInput, manifestSchema } from './task-type.ts';

const IMAGES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff'];

/** Task types that every agent carries. They are data here; the code is in `agent/tasks`, one file each. */
const BUILT_IN: ManifestInput[] = [
	{
		name: 'noop',
		title: 'Nothing at all',
		description: 'Sleeps, burns CPU and echoes, as told. For health checks, simulations and benchmarks.',
		inputs: { mediaTypes: ['*/*'], min: 0, max: 100 },
		parameters: {
			type: 'object',
			additionalProperties: false,
			properties: {
				sleepMs: {
					type: 'integer',
					minimum: 0,
					maximum: 3_600_000,
					title: 'Sleep',
					description: 'Milliseconds to sleep',
				},
				cpuMs: {
					type: 'integer',
					minimum: 0,
					maximum: 3_600_000,
					title: 'CPU',
					description: 'Milliseconds of CPU to burn',
				},
				echo: { title: 'Echo', description: 'Comes back as the result’s `echo`' },
			},
		},
		routingKey: 'normal.noop',
	},
	{
		name: 'md5',
		category: 'facts',
		title: 'MD5 checksum',
		description: 'Computes the MD5 checksum of a file.',
		parameters: { type: 'object', additionalProperties: false, properties: {} },
		routingKey: 'normal.md5',
	},
	{
		name: 'mimetype',
		category: 'facts',
		title: 'File type',
		description: 'Finds the MIME type from the content, never from the name.',
		parameters: { type: 'object', additionalProperties: false, properties: {} },
		routingKey: 'normal.mimetype',
	},
	{
		name: 'imagefacts',
		category: 'facts',
		title: 'Image facts',
		description: 'Reads width, height, format, orientation and the date the picture was taken.',
		inputs: { mediaTypes: IMAGES, min: 1, max: 1 },
		parameters: { type: 'object', additionalProperties: false, properties: {} },
		limits: { softMs: 30_000, hardMs: 35_000 },
		routingKey: 'normal.imagefacts',
	},
	{
		name: 'thumbnail',
		category: 'images',
		title: 'Thumbnail',
		description: 'Makes a small picture: turned as the camera says, without metadata.',
		inputs: { mediaTypes: IMAGES, min: 1, max: 1 },
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
		routingKey: 'normal.thumbnail',
	},
];

export const BUILT_IN_TASK_TYPES: readonly Manifest[] = BUILT_IN.map((m) => manifestSchema.parse(m));
