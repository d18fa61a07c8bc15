/** Characters of a message that tell its cause; what follows is left out. */
const MOST = 300;

/**
 * An error message without what differs from task to task: ids, hexadecimal, addresses, paths and numbers become `#`.
 * What stays is the cause. Every pattern is a plain run of characters: nothing that a message holds can make it slow.
 */
export const normaliseMessage = (message: string): string =>
	message
		.slice(0, MOST)
		.replace(/\b[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}\b/g, '#')
		.replace(/\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b/g, '#')
		.replace(/\bhttps?:\/\/[^\s"'<>]+/g, '#')
		.replace(/[A-Za-z]:\\[^\s"'<>|:]+/g, '#')
		.replace(/(^|[\s"'(=:])\.{0,2}\/[^\s"'():,]+/g, '$1#')
		.replace(/\b(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{8,64}\b/g, '#')
		.replace(/\b0x[0-9a-fA-F]{1,16}\b/g, '#')
		.replace(/\d+/g, '#')
		.replace(/#(?:[.,:]#)+/g, '#')
		.replace(/\s+/g, ' ')
		.trim();
