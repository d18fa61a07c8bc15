const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}]/u;
const LEFT_TO_RIGHT = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;
/** What is not to be seen, or turns the order of what is. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text of which nothing is lost on paper: a character that the font cannot draw stands as its number, such as
 * `[U+5F20]`, and what would be invisible or would turn the line round is left out.
 */
export const legible = (text: string, canDraw: (codePoint: number) => boolean): string => {
	const shown = [...text.normalize('NFC').replaceAll(UNSEEN, ' ')].map((character) => {
		const codePoint = character.codePointAt(0) as number;
		return canDraw(codePoint) ? character : `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
	});
	const line = shown.join('').replaceAll(/ +/g, ' ').trim();
	// Letters within words are turned when they are drawn; the words of such a line are not.
	const isTurned = RIGHT_TO_LEFT.test(line) && !LEFT_TO_RIGHT.test(line);
	return isTurned ? line.split(' ').reverse().join(' ') : line;
};
