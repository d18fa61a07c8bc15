/** 12,345 */
export const countInWords = (count: number): string => count.toLocaleString('en');

/** `1 file`, `2 files`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
	`${countInWords(count)} ${count === 1 ? one : many}`;
