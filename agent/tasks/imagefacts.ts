import type { Metadata } from 'sharp';
import { exifDate } from './image/exif-date.ts';
import { judgeImageError, openImage } from './image/open-image.ts';
import { type JsonObject, onlyInput, type TaskModule } from './task-module.ts';

const formatOf = ({ format, compression }: Metadata): string => {
	if (format === 'heif') return compression === 'av1' ? 'avif' : 'heic';
	return format ?? 'unknown';
};

/**
 * What a picture says of itself: `{width, height, format, hasAlpha}` and, where there is such, `orientation` (1 to 8;
 * width and height are those before turning), `takenAt` and `pages` (frames of an animation). Reads headers only.
 */
export const imagefacts: TaskModule = {
	async run(context) {
		try {
			const metadata = await openImage(onlyInput(context)).metadata();
			const { width, height, orientation, pages, exif } = metadata;
			const facts: JsonObject = { width, height, format: formatOf(metadata), hasAlpha: metadata.hasAlpha };
			if (orientation !== undefined) facts.orientation = orientation;
			if (pages !== undefined && pages > 1) facts.pages = pages;
			const takenAt = exif ? exifDate(exif) : null;
			if (takenAt !== null) facts.takenAt = takenAt;
			return facts;
		} catch (error) {
			throw judgeImageError(error);
		}
	},
};
