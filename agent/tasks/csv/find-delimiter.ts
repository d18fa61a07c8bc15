/** Most likely first: of two that fit alike the earlier one is taken. */
const CANDIDATES = [',', ';', '\t', '|'] as const;
const LINES = 50;

/** How often each candidate stands in a line, outside of quotes. */
const countIn = (line: string): number[] => {
	const counts = CANDIDATES.map(() => 0);
	let isQuoted = false;
	for (const character of line) {
		if (character === '"') isQuoted = !isQuoted;
		const at = isQuoted ? -1 : (CANDIDATES as readonly string[]).indexOf(character);
		if (at !== -1) counts[at] = (counts[at] ?? 0) + 1;
	}
	return counts;
};

/** What stands between the cells of a table: what is in most lines equally often. */
export const findDelimiter = (head: string): string => {
	const lines = head
		.split(/\r?\n/)
		.filter((line) => line !== '')
		.slice(0, LINES);
	// The last one may be cut.
	const whole = lines.length > 1 ? lines.slice(0, -1) : lines;
	const counts = whole.map(countIn);
	let best = { delimiter: ',' as string, lines: 0, count: 0 };
	for (const [at, delimiter] of CANDIDATES.entries()) {
		const ofFirst = counts[0]?.[at] ?? 0;
		if (ofFirst === 0) continue;
		const alike = counts.filter((line) => line[at] === ofFirst).length;
		if (alike > best.lines || (alike === best.lines && ofFirst > best.count)) {
			best = { delimiter, lines: alike, count: ofFirst };
		}
	}
	return best.delimiter;
};
