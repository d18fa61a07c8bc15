/** What is longer is hardly there twice. Characters. */
const LONGEST = 1_000;
/** So many at most are remembered of each kind; then it begins anew. */
const MOST = 10_000;

/**
 * Texts that come again in chunk after chunk (names of classes, keys, nodes, what a type needs) as the very same value:
 * a day of them takes the memory of one, and whoever compares what tasks need finds the same object.
 */
export class Interned {
	readonly #strings = new Map<string, string>();
	readonly #parsed = new Map<string, unknown>();

	string(text: string): string {
		return this.#of(this.#strings, text, same) as string;
	}

	/** What the JSON says; shared, so that it must not be changed. */
	json(text: string): unknown {
		return this.#of(this.#parsed, text, JSON.parse);
	}

	#of(known: Map<string, unknown>, text: string, make: (text: string) => unknown): unknown {
		const found = known.get(text);
		if (found !== undefined) return found;
		const value = make(text);
		if (text.length > LONGEST) return value;
		if (known.size >= MOST) known.clear();
		known.set(text, value);
		return value;
	}
}

const same = (text: string): string => text;
