/** Whether a media type fits a pattern such as `image/*`. */
export const fitsPattern = (mediaType: string, pattern: string): boolean => {
	if (pattern === '*/*' || pattern === mediaType) return true;
	return pattern.endsWith('/*') && mediaType.startsWith(pattern.slice(0, -1));
};
