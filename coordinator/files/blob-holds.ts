/**
 * Who is busy with which content, within this process: uploads hold a hash from before its file is looked for until
 * their commit is known, the sweep has a hash for itself while it removes file and row. So neither sees half of the other.
 */
export class BlobHolds {
	readonly #held = new Map<string, number>();
	readonly #alone = new Map<string, Promise<unknown>>();

	/** Holds the hash, waiting for the sweep if it is just removing it. Call what it gives back exactly once or more. */
	async take(sha256: string): Promise<() => void> {
		this.#held.set(sha256, (this.#held.get(sha256) ?? 0) + 1);
		await this.#alone.get(sha256);
		let released = false;
		return () => {
			if (released) return;
			released = true;
			const left = (this.#held.get(sha256) ?? 1) - 1;
			if (left === 0) this.#held.delete(sha256);
			else this.#held.set(sha256, left);
		};
	}

	/** Acts while nobody holds the hash; false when somebody does. Whoever wants to hold it meanwhile waits. */
	async alone(sha256: string, act: () => Promise<unknown>): Promise<boolean> {
		if (this.#held.has(sha256) || this.#alone.has(sha256)) return false;
		const acting = act().finally(() => this.#alone.delete(sha256));
		this.#alone.set(
			sha256,
			acting.catch(() => {}),
		);
		await acting;
		return true;
	}

	/** How many hashes are held, for tests and metrics. */
	get size(): number {
		return this.#held.size;
	}
}
