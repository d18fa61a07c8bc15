import type { LivePatch } from '../../../shared/protocol/live-updates.ts';
import type { NodeMetrics, NodeView } from '../../../shared/protocol/node.ts';

/** How a machine is doing now, how many slots are in use, and what they do by task type. */
export interface Measures {
	running: number;
	metrics: NodeMetrics | null;
	work: Readonly<Record<string, number>>;
}

const NOTHING: Measures = { running: 0, metrics: null, work: {} };

/**
 * The newest measures of every node, beside the query cache: each second those of one node may change without anything
 * else being drawn anew. Who shows a node listens to that node alone.
 */
export class LiveMeasures {
	readonly #measures = new Map<string, Measures>();
	readonly #listeners = new Map<string, Set<() => void>>();
	readonly #all = new Set<() => void>();
	/** When the newest were made, of each part that a second is told in. */
	readonly #versions = new Map<string, number>();

	/** Nodes as they were just read; nodes that are gone are forgotten. */
	read(nodes: readonly NodeView[]): void {
		const there = new Set(nodes.map(({ id }) => id));
		for (const id of this.#measures.keys()) if (!there.has(id)) this.#measures.delete(id);
		for (const { id, running, metrics, work } of nodes) this.#set(id, { running, metrics, work });
		this.#tellAll();
	}

	/** One that was read by itself. */
	note({ id, running, metrics, work }: NodeView): void {
		this.#set(id, { running, metrics, work });
	}

	hear(patches: readonly LivePatch[]): void {
		for (const patch of patches) {
			if (patch.kind === 'node') {
				const known = this.#measures.get(patch.id);
				const isGone = patch.state === 'offline' || patch.state === 'revoked';
				if (known) this.#set(patch.id, { ...known, running: patch.running, ...(isGone ? { metrics: null } : {}) });
			} else if (patch.kind === 'node-metrics' && patch.version >= (this.#versions.get(patch.id) ?? 0)) {
				this.#versions.set(patch.id, patch.version);
				for (const { id, running, metrics, work } of patch.nodes) this.#set(id, { running, metrics, work });
			}
		}
		this.#tellAll();
	}

	get(id: string): Measures {
		return this.#measures.get(id) ?? NOTHING;
	}

	subscribe(id: string, listener: () => void): () => void {
		const listeners = this.#listeners.get(id) ?? new Set();
		this.#listeners.set(id, listeners.add(listener));
		return () => {
			listeners.delete(listener);
			if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
		};
	}

	/** Slots in use of these nodes together. */
	running(ids: readonly string[]): number {
		return ids.reduce((sum, id) => sum + this.get(id).running, 0);
	}

	/** Hears of every change, of whichever node. */
	subscribeAll(listener: () => void): () => void {
		this.#all.add(listener);
		return () => this.#all.delete(listener);
	}

	#tellAll(): void {
		for (const listener of this.#all) listener();
	}

	#set(id: string, measures: Measures): void {
		const before = this.#measures.get(id);
		if (before !== undefined && isSame(before, measures)) return;
		this.#measures.set(id, measures);
		for (const listener of this.#listeners.get(id) ?? []) listener();
	}
}

/** Alike to the eye: a load that moves by less than a percent is no reason to draw. */
const isSame = (a: Measures, b: Measures): boolean => coarse(a) === coarse(b);

const coarse = ({ running, metrics, work }: Measures): string => {
	if (metrics === null) return JSON.stringify([running, work]);
	const { cpuLoad, gpuLoad, memoryUsedBytes, diskUsedBytes, ...rest } = metrics;
	const shares = [cpuLoad, gpuLoad].map((share) => (share === undefined ? '' : Math.round(share * 100)));
	const amounts = [memoryUsedBytes, diskUsedBytes].map((bytes) =>
		bytes === undefined ? '' : Math.round(bytes / 2 ** 24),
	);
	const { networkInBytesPerSecond: came = -1, networkOutBytesPerSecond: went = -1 } = rest;
	return JSON.stringify([shares, amounts, came.toPrecision(2), went.toPrecision(2), running, work]);
};

export const liveMeasures = new LiveMeasures();
