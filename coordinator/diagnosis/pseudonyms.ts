import { createHmac, randomBytes } from 'node:crypto';

/** What every installation has, and so tells nothing of anybody. */
const OF_ALL: Readonly<Record<string, readonly string[]>> = {
	queue: ['normal', 'priority', 'hardware'],
	host: ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'],
};
const SHOWN_DIGITS = 10;
const PROGRAM_WORD = /^[a-z]{1,30}([.-][a-z]{1,30}){0,5}$/;

/**
 * Stands in for names: the same name has the same word within one bundle, so that one sees that it is the same, and another
 * one in the next. The key is thrown away with the bundle's making: nobody can try names until one fits.
 */
export class Pseudonyms {
	readonly #key = randomBytes(32);

	/** A word that the program made up, such as a kind or a state; whatever has another shape has come from elsewhere. */
	word(kind: string, text: string): string {
		return PROGRAM_WORD.test(text) ? text : this.of(kind, text);
	}

	of(kind: string, name: string): string {
		if (OF_ALL[kind]?.includes(name)) return name;
		return `${kind}-${createHmac('sha256', this.#key).update(name).digest('hex').slice(0, SHOWN_DIGITS)}`;
	}
}
