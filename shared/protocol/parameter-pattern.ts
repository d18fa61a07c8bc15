/** Parts of a pattern that may match any number of times; each multiplies the time that a text can take. */
const MOST_REPEATS = 3;

/**
 * Why a pattern is not taken, or null. Whoever fills in a form decides what text the pattern meets, so one that can take
 * time beyond all measure (`(a+)+`, `(a|a)*`) is refused: a repeated group may hold neither repeats nor choices.
 */
export const patternFault = (pattern: string): string | null => {
	try {
		new RegExp(pattern, 'u');
	} catch {
		return 'is not a regular expression';
	}
	// Escapes and classes hold nothing that repeats; what is left is groups, choices and repeats.
	if (/\\(?:[1-9]|k<)/.test(pattern)) return 'may not refer back to a group';
	if (/\(\?<?[=!]/.test(pattern)) return 'may not look ahead or behind';
	const bare = pattern.replace(/\\u\{[^}]*\}|\\[pP]\{[^}]*\}|\\./gu, 'x').replace(/\[[^\]]*\]/gu, 'x');
	let repeats = (bare.match(/[*+]|\{\d+,/g) ?? []).length;
	const groups: boolean[] = [];
	for (const [at, sign] of [...bare].entries()) {
		if (sign === '(') groups.push(false);
		else if (sign === ')') {
			const isRich = groups.pop() ?? false;
			if (isRich && /^[*+{]/.test([...bare][at + 1] ?? '')) return 'may not repeat a group that repeats or chooses';
			// `(a|a)?` over and over takes as long as a repeat.
			if (isRich && bare.startsWith('?', at + 1)) repeats += 1;
			if (isRich && groups.length > 0) groups[groups.length - 1] = true;
		} else if (/[*+{|]/.test(sign) && groups.length > 0) groups[groups.length - 1] = true;
	}
	return repeats > MOST_REPEATS ? `may repeat ${MOST_REPEATS} parts at most` : null;
};
