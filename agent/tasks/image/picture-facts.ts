import type { Metadata } from 'sharp';
import type { JsonObject } from '../task-module.ts';
import { exifDate } from './exif-date.ts';

const formatOf = ({ format, compression }: Metadata): string => {
	if (format === 'heif') return compression === 'av1' ? 'avif' : 'heic';
	return format ?? 'unknown';
};

/**
 * What a picture's headers say: `{width, height, format, hasAlpha}` and, where there is such, `orientation` (1 to 8;
 * width and height are those before turning), `takenAt` and `pages` (frames of an animation).
 */
export const pictureFacts = (metadata: Metadata): JsonObject => {
	const { width, height, orientation, pages, exif, hasAlpha } = metadata;
	const facts: JsonObject = { width, height, format: formatOf(metadata), hasAlpha };
	if (orientation !== undefined) facts.orientation = orientation;
	if (pages !== undefined && pages > 1) facts.pages = pages;
	const takenAt = exif ? exifDate(exif) : null;
	if (takenAt !== null) facts.takenAt = takenAt;
	return facts;
};
