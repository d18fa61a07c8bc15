const SEGMENTER = new Intl.Segmenter();
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
/** East Asian wide and full-width blocks, and pictures: two cells each. */
const WIDE =
	/^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1b000}-\u{1b2ff}]|[\u{20000}-\u{3fffd}])/u;

const widthOf = (segment: string): number => {
	if (NO_WIDTH.test(segment)) return 0;
	return WIDE.test(segment) ? 2 : 1;
};

/** How many cells of a terminal the text takes. */
export const textWidth = (text: string): number => {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: plain ASCII is the common case and needs no segmenting
	if (/^[\u0000-\u007f]*$/.test(text)) return text.length;
	let width = 0;
	for (const { segment } of SEGMENTER.segment(text)) width += widthOf(segment);
	return width;
};

/** Shortens the text to so many cells, with an ellipsis where something was left out. */
export const shortened = (text: string, cells: number): string => {
	if (textWidth(text) <= cells) return text;
	let kept = '';
	let width = 0;
	for (const { segment } of SEGMENTER.segment(text)) {
		if (width + widthOf(segment) > cells - 1) break;
		kept += segment;
		width += widthOf(segment);
	}
	return cells < 1 ? '' : `${kept}…`;
};

/** Fills up with spaces to so many cells. */
export const padded = (text: string, cells: number, side: 'left' | 'right' = 'left'): string => {
	const space = ' '.repeat(Math.max(0, cells - textWidth(text)));
	return side === 'left' ? text + space : space + text;
};
