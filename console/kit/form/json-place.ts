const TOKEN =
	// biome-ignore lint/suspicious/noControlCharactersInRegex: strings of JSON may not hold them
	/[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/** What may come next: a value, a value or `]`, a name, a name or `}`, a colon, a comma or the end of what is open. */
type Wanted = 'value' | 'item' | 'name' | 'member' | 'colon' | 'comma';

/**
 * Where a text stops being JSON, as an offset; its length when only the end is missing. Browsers do not say it any more
 * than now and then, and each in its own words.
 */
export const jsonErrorAt = (text: string): number => {
	const open: ('{' | '[')[] = [];
	let wanted: Wanted = 'value';
	let at = 0;
	const ended = () => {
		wanted = 'comma';
	};
	const step = (sign: string | undefined, value: string | undefined): boolean => {
		const inside = open.at(-1);
		if (wanted === 'value' || wanted === 'item') {
			if (value !== undefined) ended();
			else if (sign === '{' || sign === '[') {
				open.push(sign);
				wanted = sign === '{' ? 'member' : 'item';
			} else if (sign === ']' && wanted === 'item') {
				open.pop();
				ended();
			} else return false;
		} else if (wanted === 'name' || wanted === 'member') {
			if (value?.startsWith('"')) wanted = 'colon';
			else if (sign === '}' && wanted === 'member') {
				open.pop();
				ended();
			} else return false;
		} else if (wanted === 'colon') {
			if (sign !== ':') return false;
			wanted = 'value';
		} else if (sign === ',' && inside !== undefined) wanted = inside === '{' ? 'name' : 'value';
		else if ((sign === '}' && inside === '{') || (sign === ']' && inside === '[')) {
			open.pop();
			ended();
		} else return false;
		return true;
	};
	while (at < text.length) {
		TOKEN.lastIndex = at;
		const token = TOKEN.exec(text);
		if (!token || !step(token[1], token[2])) break;
		at = TOKEN.lastIndex;
	}
	const blank = /^[\t\n\r ]*/.exec(text.slice(at))?.[0].length ?? 0;
	return at + blank;
};
