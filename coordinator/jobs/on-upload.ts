/** What is done to every new content, by whether its first bytes show a picture: facts for everything, a small picture for pictures. */
export const tasksOnUpload = (imageType: string | null): readonly string[] =>
	imageType === null ? ['md5', 'mimetype'] : ['md5', 'mimetype', 'thumbnail'];
