import { writeFile } from 'node:fs/promises';
import type { OutputInfo, Sharp } from 'sharp';
import { inputError } from '../task-failure.ts';
import type { JsonObject, TaskContext } from '../task-module.ts';
import { judgeImageError } from './open-image.ts';

interface Format {
	extension: string;
	mediaType: string;
	hasAlpha: boolean;
	/** Most pixels on a side that the format can have. */
	side: number;
	options(quality: number): object;
}

const FORMATS = {
	jpeg: {
		extension: 'jpg',
		mediaType: 'image/jpeg',
		hasAlpha: false,
		side: 65_535,
		options: (quality) => ({ quality }),
	},
	// A quality would make it a picture of few colours.
	png: { extension: 'png', mediaType: 'image/png', hasAlpha: true, side: 65_535, options: () => ({}) },
	webp: {
		extension: 'webp',
		mediaType: 'image/webp',
		hasAlpha: true,
		side: 16_383,
		options: (quality) => ({ quality }),
	},
	avif: {
		extension: 'avif',
		mediaType: 'image/avif',
		hasAlpha: true,
		side: 16_384,
		options: (quality) => ({ quality }),
	},
	tiff: {
		extension: 'tiff',
		mediaType: 'image/tiff',
		hasAlpha: true,
		side: 65_535,
		options: () => ({ compression: 'lzw' }),
	},
} as const satisfies Record<string, Format>;
export type ImageFormat = keyof typeof FORMATS;

/** The format that a picture of this one is written in when nothing else is asked for. */
export const sameFormat = (format: string): ImageFormat =>
	format === 'heif' ? 'avif' : Object.hasOwn(FORMATS, format) ? (format as ImageFormat) : 'png';

/**
 * Makes the picture and writes it as the output `<name>.<ending of the format>`. `background` shows through where the
 * format cannot be transparent. Answers `{width, height, format, size}`.
 */
export const writeImage = async (
	context: TaskContext,
	picture: Sharp,
	as: { name: string; format: ImageFormat; quality: number; background: string },
): Promise<JsonObject> => {
	const { extension, mediaType, hasAlpha, side, options } = FORMATS[as.format];
	let made: { data: Buffer; info: OutputInfo };
	try {
		const opaque = hasAlpha ? picture : picture.flatten({ background: as.background });
		made = await opaque.toFormat(as.format, options(as.quality)).toBuffer({ resolveWithObject: true });
	} catch (error) {
		if (error instanceof Error && /too large for|dimension.*limit/i.test(error.message)) {
			const message = `The picture is too large for ${as.format}, which takes ${side} pixels on a side.`;
			throw inputError('image-too-large', message, error);
		}
		throw judgeImageError(error);
	}
	// Written apart from the making: a full disk is not the picture's fault.
	await writeFile(await context.output(`${as.name}.${extension}`, mediaType), made.data);
	const { width, height, size } = made.info;
	return { width, height, format: as.format, size };
};
