// biome-ignore lint/suspicious/noControlCharactersInRegex: a string may not hold them
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/;
const ATOM = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/;
const TOKEN = new RegExp(`[ \\t\\r\\n]*(?:([{}[\\],:])|(${STRING.source})|(${ATOM.source}))`, 'y');
/** Deeper than any honest document; what is deeper is text. */
const MOST_DEPTH = 500;

type Expect = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'comma' | 'nothing';

const afterValue = (stack: readonly string[]): Expect => (stack.length === 0 ? 'nothing' : 'comma');

/** What may follow after the token; null when the token may not stand here. Opens and closes on the stack. */
const step = (expect: Expect, mark: string | undefined, isString: boolean, stack: string[]): Expect | null => {
	const isValueDue = expect === 'value' || expect === 'firstValue';
	if (mark === undefined) {
		if (isValueDue) return afterValue(stack);
		return (expect === 'key' || expect === 'firstKey') && isString ? 'colon' : null;
	}
	switch (mark) {
		case '{':
		case '[':
			if (!isValueDue) return null;
			stack.push(mark);
			return mark === '{' ? 'firstKey' : 'firstValue';
		case '}':
		case ']': {
			const isEnd = expect === 'comma' || expect === (mark === '}' ? 'firstKey' : 'firstValue');
			if (!isEnd || stack.pop() !== (mark === '}' ? '{' : '[')) return null;
			return afterValue(stack);
		}
		case ',':
			if (expect !== 'comma') return null;
			return stack.at(-1) === '{' ? 'key' : 'value';
		default:
			return expect === 'colon' ? 'value' : null;
	}
};

/**
 * `application/json` when the text is one object or array, `application/x-ndjson` when it is several lines of them,
 * null when it is neither. Of a text that is not whole, what is there has to be in order.
 */
export const isJson = (text: string, isWhole: boolean): 'application/json' | 'application/x-ndjson' | null => {
	let at = 0;
	let documents = 0;
	for (; ; documents++) {
		const rest = /[ \t\r\n]*/y;
		rest.lastIndex = at;
		const gap = rest.exec(text)?.[0] ?? '';
		if (at + gap.length === text.length) break;
		if (documents > 0 && !gap.includes('\n')) return null;
		let expect: Expect = 'value';
		const stack: string[] = [];
		do {
			TOKEN.lastIndex = at;
			const token = TOKEN.exec(text);
			// A sample ends within a token more often than not.
			if (token === null)
				return !isWhole && text.length - at < 64 * 1024 && stack.length > 0 ? kind(documents + 1) : null;
			const next = step(expect, token[1], token[2] !== undefined, stack);
			if (next === null || stack.length > MOST_DEPTH || (stack.length === 0 && token[1] === undefined)) return null;
			expect = next;
			at = TOKEN.lastIndex;
			if (at === text.length && stack.length > 0) return isWhole ? null : kind(documents + 1);
		} while (stack.length > 0);
	}
	return documents === 0 ? null : kind(documents);
};

const kind = (documents: number) => (documents === 1 ? 'application/json' : 'application/x-ndjson');
