import type { Readable } from 'node:stream';
import { CodedError } from '../../shared/coded-error.ts';
import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import type { BlobStore } from '../files/blob-store.ts';
import { parseName } from '../files/safe-path.ts';
import type { StagedBlob } from '../files/staged-blob.ts';
import type { Lease } from '../queue/open-task.ts';
import type { Logger } from '../report/logger.ts';

/** As many outputs as a settlement may name. */
const MOST_OUTPUTS = 1_000;

type Attempt = { token: string };

interface Arrivals {
	byName: Map<string, StagedBlob>;
	/** Declared sizes of what is arriving now. */
	arriving: Map<symbol, { name: string; bytes: number }>;
}

/**
 * Outputs of live attempts, staged on disk until the settlement takes them or the attempt is over. Sizes are counted
 * over the attempt, with what is still arriving at its declared size, so that parallel uploads cannot exceed the limit.
 */
export class AttemptOutputs {
	readonly #blobs: Pick<BlobStore, 'stage' | 'discard'>;
	readonly #logger: Logger;
	/** By attempt token. */
	readonly #attempts = new Map<string, Arrivals>();

	constructor(options: { blobs: Pick<BlobStore, 'stage' | 'discard'>; logger: Logger }) {
		this.#blobs = options.blobs;
		this.#logger = options.logger;
	}

	/**
	 * Takes an output in; one of the same name that came before is replaced. `isLive` is asked again when it has arrived.
	 * Throws `bad-path`, `file-too-large`, `stale-attempt` and whatever staging throws.
	 */
	async receive(
		lease: Lease,
		output: { name: string; declaredBytes: number; source: Readable },
		isLive: () => boolean,
	): Promise<{ sha256: string; size: number }> {
		const { name, declaredBytes, source } = output;
		parseName(name);
		const { token } = lease;
		const arrivals = this.#attempts.get(token) ?? { byName: new Map(), arriving: new Map() };
		requireRoom(arrivals, lease.task.manifest.limits.outputBytes, name, declaredBytes);
		this.#attempts.set(token, arrivals);
		const arrival = Symbol(name);
		arrivals.arriving.set(arrival, { name, bytes: declaredBytes });
		try {
			const staged = await this.#blobs.stage(source, { maxBytes: declaredBytes, declaredBytes, purpose: 'output' });
			if (!isLive()) {
				this.#drop([staged]);
				throw new CodedError('stale-attempt', 'The attempt ended while the output arrived.');
			}
			const before = arrivals.byName.get(name);
			arrivals.byName.set(name, staged);
			if (before) this.#drop([before]);
			return { sha256: staged.sha256, size: staged.size };
		} finally {
			arrivals.arriving.delete(arrival);
			const isEmpty = arrivals.arriving.size === 0 && arrivals.byName.size === 0;
			if (isEmpty && this.#attempts.get(token) === arrivals) this.#attempts.delete(token);
		}
	}

	/** The output as it arrived, for whoever settles; null when there is none. It stays until the attempt is over. */
	find({ token }: Attempt, name: string): StagedBlob | null {
		return this.#attempts.get(token)?.byName.get(name) ?? null;
	}

	/** Whether the output has arrived whole, with this content. */
	has(ref: AttemptRef, name: string, sha256: string, size: number): boolean {
		const staged = this.find(ref, name);
		return staged !== null && staged.sha256 === sha256 && staged.size === size;
	}

	/** The attempt is over: what was not put into the store goes. */
	discard({ token }: Attempt): void {
		const arrivals = this.#attempts.get(token);
		if (!arrivals) return;
		this.#attempts.delete(token);
		this.#drop([...arrivals.byName.values()]);
	}

	/** Attempts of which something is kept. */
	get size(): number {
		return this.#attempts.size;
	}

	#drop(staged: readonly StagedBlob[]): void {
		for (const blob of staged) {
			this.#blobs.discard(blob).catch((error: unknown) => {
				this.#logger.warn({ err: error }, 'a staged output could not be removed; the next start does it');
			});
		}
	}
}

const requireRoom = ({ byName, arriving }: Arrivals, limit: number, name: string, bytes: number): void => {
	const names = new Set([...byName.keys(), ...Array.from(arriving.values(), (one) => one.name), name]);
	if (names.size > MOST_OUTPUTS) throw new CodedError('file-too-large', `At most ${MOST_OUTPUTS} outputs are taken.`);
	let used = 0;
	for (const [other, { size }] of byName) if (other !== name) used += size;
	for (const one of arriving.values()) used += one.bytes;
	if (used + bytes <= limit) return;
	throw new CodedError('file-too-large', `The outputs of this task may have ${limit} bytes in total.`);
};
