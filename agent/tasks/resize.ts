import type { Sharp } from 'sharp';
import { z } from 'zod';
import { judgeImageError, openImage } from './image/open-image.ts';
import { sameFormat, writeImage } from './image/write-image.ts';
import { readParameters } from './read-parameters.ts';
import { inputError } from './task-failure.ts';
import { onlyInput, type TaskModule } from './task-module.ts';

const pixels = z.number().int().min(1).max(8192).optional();
const parametersSchema = z.object({
	width: pixels,
	height: pixels,
	fit: z.enum(['inside', 'cover', 'contain', 'fill']).default('inside'),
	format: z.enum(['same', 'jpeg', 'png', 'webp', 'avif']).default('same'),
	quality: z.number().int().min(1).max(100).default(82),
	enlarge: z.boolean().default(false),
	stripMetadata: z.boolean().default(true),
});

const WHITE = '#ffffff';
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

/** A picture in another size, as the output `resized.<ending>`. Answers `{width, height, format, size}`. */
export const resize: TaskModule = {
	async run(context) {
		const { width, height, fit, quality, enlarge, stripMetadata, format } = readParameters(
			parametersSchema,
			context.parameters,
		);
		if (width === undefined && height === undefined) {
			throw inputError('parameters-invalid', 'Say how wide or how high the picture is to be: width, height or both.');
		}
		const input = onlyInput(context);
		const { format: was = '' } = await openImage(input).metadata().catch(rethrow);
		const target = format === 'same' ? sameFormat(was) : format;
		// The first frame only, and read from top to bottom: a large picture is never in memory as a whole.
		let picture: Sharp = openImage(input, { pages: 1, sequentialRead: true })
			.autoOrient()
			.resize({
				...(width === undefined ? {} : { width }),
				...(height === undefined ? {} : { height }),
				fit,
				background: target === 'jpeg' ? WHITE : CLEAR,
				withoutEnlargement: !enlarge,
			});
		picture = stripMetadata ? picture.toColourspace('srgb') : picture.keepMetadata();
		return writeImage(context, picture, { name: 'resized', format: target, quality, background: WHITE });
	},
};

const rethrow = (error: unknown): never => {
	throw judgeImageError(error);
};
