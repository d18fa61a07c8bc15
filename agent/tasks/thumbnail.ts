import { writeFile } from 'node:fs/promises';
import type { OutputInfo } from 'sharp';
import { z } from 'zod';
import { judgeImageError, openImage } from './image/open-image.ts';
import { pictureFacts } from './image/picture-facts.ts';
import { readParameters } from './read-parameters.ts';
import { type JsonObject, onlyInput, type TaskModule } from './task-module.ts';

const pixels = z.number().int().min(1).max(4096);
const parametersSchema = z.object({
	width: pixels.default(120),
	height: pixels.default(210),
	fit: z.enum(['inside', 'cover', 'contain', 'fill']).default('inside'),
	format: z.enum(['jpeg', 'png', 'webp']).default('jpeg'),
});

/** Names and qualities as pictures of this size need them: larger numbers are not seen at 120 pixels. */
const FORMATS = {
	jpeg: { extension: 'jpg', mediaType: 'image/jpeg', options: { quality: 82 } },
	png: { extension: 'png', mediaType: 'image/png', options: { compressionLevel: 9 } },
	webp: { extension: 'webp', mediaType: 'image/webp', options: { quality: 80 } },
} as const;

const WHITE = { r: 255, g: 255, b: 255, alpha: 1 };
const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 };

/**
 * A small picture as the output `thumbnail.jpg` (or `.png`, `.webp`): turned as the camera says, in sRGB, without
 * metadata, never larger than the original. Of an animation the first frame. Answers `{width, height, format, size, source}`,
 * the last with the original's facts.
 */
export const thumbnail: TaskModule = {
	async run(context) {
		const { width, height, fit, format } = readParameters(parametersSchema, context.parameters);
		const { extension, mediaType, options } = FORMATS[format];
		let made: { data: Buffer; info: OutputInfo };
		let source: JsonObject;
		try {
			// Headers only; so the file's facts need no task of their own.
			source = pictureFacts(await openImage(onlyInput(context)).metadata());
			const background = format === 'jpeg' ? WHITE : CLEAR;
			// The first frame only, and read from top to bottom: a large picture is never in memory as a whole.
			let picture = openImage(onlyInput(context), { pages: 1, sequentialRead: true })
				.autoOrient()
				.resize({ width, height, fit, background, withoutEnlargement: true });
			if (format === 'jpeg') picture = picture.flatten({ background });
			made = await picture.toColourspace('srgb').toFormat(format, options).toBuffer({ resolveWithObject: true });
		} catch (error) {
			throw judgeImageError(error);
		}
		// Written apart from the making: a full disk is not the picture's fault.
		await writeFile(await context.output(`thumbnail.${extension}`, mediaType), made.data);
		const { width: madeWidth, height: madeHeight, size } = made.info;
		return { width: madeWidth, height: madeHeight, format, size, source };
	},
};
