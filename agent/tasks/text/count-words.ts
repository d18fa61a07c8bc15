/** Different words that are kept: a text of random letters has as many as it is long. */
const MOST_DISTINCT = 100_000;
/** Longer ones are codes, not words. */
const LONGEST = 64;

/** Letters and digits, also around an apostrophe or a point within. */
const WORDS = /[\p{L}\p{M}\p{N}_]+(?:['’.][\p{L}\p{M}\p{N}_]+)*/gu;
/** Scripts that put no spaces between words. */
const UNSPACED =
	/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Characters in which words are looked for at once: Node's segmenter takes a time that grows by the square of them. */
const LONGEST_RUN = 256;

/**
 * Counts the words of a text, in any language. Where spaces are, a pattern finds them; elsewhere Unicode's rules, which are
 * slow: 64 KiB took 0.6 s in one go (measured).
 */
export class WordCount {
	readonly #segmenter = new Intl.Segmenter('und', { granularity: 'word' });
	readonly #counts = new Map<string, number>();
	readonly #minLength: number;
	words = 0;
	/** There were more different words than are kept: of those that came late not all are counted. */
	isTruncated = false;

	constructor(minLength: number) {
		this.#minLength = minLength;
	}

	add(text: string): void {
		for (const [run] of text.matchAll(WORDS)) {
			if (UNSPACED.test(run)) this.#addRun(run);
			else this.#count(run);
		}
	}

	/** The most frequent, and of equal ones the first in the alphabet. */
	top(most: number): { word: string; count: number }[] {
		return [...this.#counts]
			.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
			.slice(0, most)
			.map(([word, count]) => ({ word, count }));
	}

	#addRun(run: string): void {
		for (let at = 0; at < run.length; at += LONGEST_RUN) {
			for (const { segment, isWordLike } of this.#segmenter.segment(run.slice(at, at + LONGEST_RUN))) {
				if (isWordLike) this.#count(segment);
			}
		}
	}

	#count(word: string): void {
		this.words += 1;
		if (word.length < this.#minLength || word.length > LONGEST) return;
		const key = word.toLowerCase();
		const count = this.#counts.get(key);
		if (count === undefined && this.#counts.size >= MOST_DISTINCT) this.isTruncated = true;
		else this.#counts.set(key, (count ?? 0) + 1);
	}
}
