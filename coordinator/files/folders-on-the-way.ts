/** The folders that an archive has to name before a file, for lists that know files only by their paths. */
export class FoldersOnTheWay {
	readonly #named = new Set<string>(['']);

	/** Those on the way to the folder that were not named yet, the outermost first. */
	*to(folder: string): Generator<{ folder: string }> {
		if (this.#named.has(folder)) return;
		yield* this.to(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0)));
		this.#named.add(folder);
		yield { folder };
	}
}
