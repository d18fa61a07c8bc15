/** What uploads that have begun will take. */
export interface Begun {
	files: number;
	bytes: number;
}

/** Whose upload it is: ids begin with their owner's id. */
export const ownerOf = (id: string): string => id.slice(0, id.lastIndexOf('-'));

/** Uploads that have begun and are not over, with their declared sizes by owner, so that nobody's folder has to be read. */
export class BegunUploads {
	readonly #byOwner = new Map<string, { sizes: Map<string, number>; bytes: number }>();

	add(id: string, size: number): void {
		const owner = ownerOf(id);
		let own = this.#byOwner.get(owner);
		if (!own) {
			own = { sizes: new Map(), bytes: 0 };
			this.#byOwner.set(owner, own);
		}
		own.bytes += size - (own.sizes.get(id) ?? 0);
		own.sizes.set(id, size);
	}

	delete(id: string): void {
		const owner = ownerOf(id);
		const own = this.#byOwner.get(owner);
		if (!own) return;
		own.bytes -= own.sizes.get(id) ?? 0;
		own.sizes.delete(id);
		if (own.sizes.size === 0) this.#byOwner.delete(owner);
	}

	/** All of this one's owner, but for itself. */
	beside(id: string): Begun {
		const own = this.#byOwner.get(ownerOf(id));
		if (!own) return { files: 0, bytes: 0 };
		return { files: own.sizes.size - (own.sizes.has(id) ? 1 : 0), bytes: own.bytes - (own.sizes.get(id) ?? 0) };
	}
}
