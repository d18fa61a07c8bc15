import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { inputError } from '../task-failure.ts';
import type { TaskInput } from '../task-module.ts';

/** Pixels of the largest picture that is opened: 50 megapixels need about 200 MB. */
const MOST_PIXELS = 50_000_000;
/** A picture as other programs write it; anything else that libvips could read, SVG above all, is blocked. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'];

// Content comes from anybody: only what people's pictures need, no cache of it, one thread for each child.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: LOADERS.map((loader) => `VipsForeignLoad${loader}`) });
sharp.cache(false);
sharp.concurrency(1);

/** Opens a picture within bounds. Throws a failure of class `input` for an empty file. */
export const openImage = ({ path, size }: TaskInput, options: SharpOptions = {}): Sharp => {
	if (size === 0) throw inputError('image-empty', 'The file is empty, so there is no picture in it.');
	return sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'error', ...options });
};

/** What an error of libvips means for a person: the file is at fault. Other errors come back as they are. */
export const judgeImageError = (error: unknown): unknown => {
	if (!(error instanceof Error) || 'failure' in error || 'code' in error) return error;
	const { message } = error;
	// Our own copy of the input is gone: nothing that is wrong with the picture.
	if (message.startsWith('Input file is missing')) return error;
	if (/pixel limit|dimensions.*(?:too large|exceed)/i.test(message)) {
		const limit = `at most ${MOST_PIXELS / 1_000_000} megapixels are opened`;
		return inputError('image-too-large', `The picture has too many pixels: ${limit}.`, error);
	}
	if (/unsupported image format|no known loader/i.test(message)) {
		const formats = 'JPEG, PNG, WebP, GIF, AVIF or TIFF';
		return inputError('image-format', `The content is not a picture in a format that can be read (${formats}).`, error);
	}
	return inputError('image-damaged', 'The picture is damaged or cut off, so it cannot be read to its end.', error);
};
