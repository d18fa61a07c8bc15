import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

interface JsonFileOptions<T> {
	path: string;
	schema: z.ZodType<T>;
	/** What counts while there is no file. */
	empty: T;
	/** Told, in a sentence, when what is there cannot be used; it is put aside, never written over. */
	onBroken(sentence: string): void;
}

/** A small file of settings: read once, whole at every moment, and put aside when it is broken. */
export class JsonFile<T> {
	readonly #path: string;
	#value: T;

	constructor({ path, schema, empty, onBroken }: JsonFileOptions<T>) {
		this.#path = path;
		this.#value = empty;
		const text = textOf(path);
		if (text === null) return;
		const parsed = schema.safeParse(jsonOf(text));
		if (parsed.success) {
			this.#value = parsed.data;
			return;
		}
		const aside = `${path}.broken-${Date.now()}`;
		renameSync(path, aside);
		onBroken(`${path} could not be read and was put aside as ${aside}. It begins anew, empty.`);
	}

	get value(): T {
		return this.#value;
	}

	/** Throws when it cannot be kept; then what was there still counts. */
	write(value: T): void {
		const aside = `${this.#path}.${process.pid}`;
		mkdirSync(dirname(this.#path), { recursive: true });
		try {
			// Nobody else's business: addresses, fingerprints, sealed sessions.
			writeFileSync(aside, `${JSON.stringify(value, null, '\t')}\n`, { mode: 0o600, flush: true });
			renameSync(aside, this.#path);
		} catch (error) {
			rmSync(aside, { force: true });
			throw error;
		}
		this.#value = value;
	}
}

const textOf = (path: string): string | null => {
	try {
		return readFileSync(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
};

const jsonOf = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
