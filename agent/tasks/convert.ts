import { z } from 'zod';
import { openImage } from './image/open-image.ts';
import { writeImage } from './image/write-image.ts';
import { readParameters } from './read-parameters.ts';
import { onlyInput, type TaskModule } from './task-module.ts';

const parametersSchema = z.object({
	format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']),
	quality: z.number().int().min(1).max(100).default(82),
	background: z
		.string()
		.regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/i)
		.default('#fff'),
	keepColourProfile: z.boolean().default(false),
});

/** A picture in another format, as the output `converted.<ending>`. Answers `{width, height, format, size}`. */
export const convert: TaskModule = {
	async run(context) {
		const wanted = readParameters(parametersSchema, context.parameters);
		const picture = openImage(onlyInput(context), { pages: 1, sequentialRead: true }).autoOrient();
		const coloured = wanted.keepColourProfile ? picture.keepIccProfile() : picture.toColourspace('srgb');
		return writeImage(context, coloured, { name: 'converted', ...wanted });
	},
};
