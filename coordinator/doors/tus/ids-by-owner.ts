import { ownerOf } from './begun-uploads.ts';

/** Ids of uploads by their owners, oldest first, so that nobody's folder has to be counted. */
export class IdsByOwner {
	readonly #byOwner = new Map<string, Set<string>>();

	add(id: string): void {
		const owner = ownerOf(id);
		const ids = this.#byOwner.get(owner);
		if (ids) ids.add(id);
		else this.#byOwner.set(owner, new Set([id]));
	}

	delete(id: string): void {
		const owner = ownerOf(id);
		const ids = this.#byOwner.get(owner);
		if (ids?.delete(id) && ids.size === 0) this.#byOwner.delete(owner);
	}

	/** The oldest ones of this one's owner, of which there are too many. */
	beyond(id: string, most: number): string[] {
		const ids = this.#byOwner.get(ownerOf(id));
		return ids && ids.size > most ? [...ids].slice(0, ids.size - most) : [];
	}
}
