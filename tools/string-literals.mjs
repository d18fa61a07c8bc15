/** A comment, a string, or the beginning of a template. */
const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`/g;

/** What stands for a value within a template. */
export const VALUE = '\0';

/** Where the brace closes that opened before `from`; the end when none does within this piece. */
const closing = (code, from, to, depth) => {
	for (let at = from; at < to; at += 1) {
		if (code[at] === '{') depth.open += 1;
		else if (code[at] === '}' && depth.open-- === 0) return at;
	}
	return null;
};

/**
 * The texts of all string literals and templates in code, also of those within templates; values within are `VALUE`.
 * Comments are left out. It is no parser: an apostrophe in a regular expression or in text between tags confuses it
 * until the end of its line.
 */
export const stringLiteralsIn = (code) => {
	const found = [];
	const template = (from) => {
		let text = '';
		let at = from;
		while (at < code.length && code[at] !== '`') {
			if (code.startsWith('${', at)) {
				at = scan(at + 2, { open: 0 }) + 1;
				text += VALUE;
			} else {
				const length = code[at] === '\\' ? 2 : 1;
				text += code.slice(at, at + length);
				at += length;
			}
		}
		found.push(text);
		return at + 1;
	};
	const scan = (from, depth) => {
		for (let at = from; ; ) {
			TOKEN.lastIndex = at;
			const next = TOKEN.exec(code);
			const end = depth && closing(code, at, next?.index ?? code.length, depth);
			if (end !== null && end !== undefined) return end;
			if (next === null) return code.length;
			at = next.index + next[0].length;
			if (next[0] === '`') at = template(at);
			else if (!next[0].startsWith('/')) found.push(next[0].slice(1, -1));
		}
	};
	scan(0, null);
	return found;
};
