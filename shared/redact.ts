import type { Json } from './protocol/json.ts';

/** Shorter ones would be found in words that have nothing to do with them. */
const LEAST_LENGTH = 6;
const MASK = '•••';

/** Takes secrets out of what is about to be shown or kept: as they are, and as they stand in a URL or in JSON. */
export class Redactor {
	readonly #forms: string[];

	constructor(values: Iterable<string>) {
		const long = [...values].filter((value) => value.length >= LEAST_LENGTH);
		const forms = long.flatMap((value) => [value, inUrl(value), JSON.stringify(value).slice(1, -1)]);
		// The longest first: one secret may begin as another one ends.
		this.#forms = [...new Set(forms)].sort((a, b) => b.length - a.length);
	}

	text(text: string): string {
		return this.#forms.reduce((left, form) => left.replaceAll(form, MASK), text);
	}

	/** Names and texts, however deep; the value itself when there is nothing to take out. */
	json<T extends Json>(value: T): T {
		return this.#forms.length === 0 ? value : (this.#walk(value) as T);
	}

	#walk(value: Json): Json {
		if (typeof value === 'string') return this.text(value);
		if (Array.isArray(value)) return value.map((one) => this.#walk(one));
		if (value === null || typeof value !== 'object') return value;
		return Object.fromEntries(Object.entries(value).map(([name, one]) => [this.text(name), this.#walk(one)]));
	}
}

const inUrl = (value: string): string => {
	try {
		return encodeURIComponent(value);
	} catch {
		// Half a surrogate pair has no place in a URL.
		return value;
	}
};
