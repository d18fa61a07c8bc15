/** What is done to every new content, by the type that its first bytes show: facts for everything, a small picture for pictures. */
export const tasksOnUpload = (mediaType: string | null): readonly string[] =>
	mediaType !== null && THUMBNAIL_TYPES.has(mediaType) ? ['md5', 'mimetype', 'thumbnail'] : ['md5', 'mimetype'];

const THUMBNAIL_TYPES = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/tiff']);
