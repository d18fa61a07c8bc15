/** Connections that have not shown who they are, by the network they come from. */
export class Strangers<T> {
	readonly #mostOfNetwork: number;
	readonly #most: number;
	/** Oldest first. */
	readonly #all = new Map<T, string>();
	readonly #ofNetwork = new Map<string, Set<T>>();

	constructor(limits: { mostOfNetwork: number; most: number }) {
		this.#mostOfNetwork = limits.mostOfNetwork;
		this.#most = limits.most;
	}

	/**
	 * Takes a stranger in; answers with the one that has to go for it. That is an old one, of the same network if that has
	 * too many: who means well has said who it is by then, so that a flood pushes out itself and not newcomers.
	 */
	add(stranger: T, network: string): T | undefined {
		const neighbours = this.#ofNetwork.get(network) ?? new Set();
		const [oldest] =
			neighbours.size >= this.#mostOfNetwork ? neighbours : this.#all.size >= this.#most ? this.#all.keys() : [];
		this.#ofNetwork.set(network, neighbours.add(stranger));
		this.#all.set(stranger, network);
		return oldest;
	}

	/** It is known now, or gone. */
	delete(stranger: T): void {
		const network = this.#all.get(stranger);
		if (network === undefined) return;
		this.#all.delete(stranger);
		const neighbours = this.#ofNetwork.get(network);
		neighbours?.delete(stranger);
		if (neighbours?.size === 0) this.#ofNetwork.delete(network);
	}
}
