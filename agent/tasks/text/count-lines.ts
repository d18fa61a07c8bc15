const NEW_LINE = 0x0a;
const RETURN = 0x0d;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Counts lines and characters of a text that comes in pieces. A character is a code point. */
export class LineCount {
	characters = 0;
	#longest = 0;
	#ends = 0;
	/** Of the line that has not ended. */
	#length = 0;
	#last = 0;

	add(text: string): void {
		for (let at = 0; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (isLowSurrogate(code)) continue;
			this.characters += 1;
			if (code === NEW_LINE) {
				this.#longest = Math.max(this.#longest, this.#length - (this.#last === RETURN ? 1 : 0));
				this.#ends += 1;
				this.#length = 0;
			} else this.#length += 1;
			this.#last = code;
		}
	}

	/** Also the one that no line break ends. */
	get lines(): number {
		return this.#ends + (this.#length > 0 ? 1 : 0);
	}

	get longestLine(): number {
		return Math.max(this.#longest, this.#length);
	}
}
