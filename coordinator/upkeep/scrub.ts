import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { DamagedContent } from '../../shared/protocol/damaged-content.ts';
import type { Ledger } from '../database/ledger.ts';
import { listDamaged, listToScrub, noteScrubbed, readScrub } from './scrub-store.ts';

/** Content is read in pieces of this size, with a pause after each that keeps the pace. */
const PIECE_BYTES = 256 * 1024;
/** How far it has come is written down after so many contents or bytes. */
const NOTED_EVERY = 200;
const NOTED_BYTES = 64 * 1024 * 1024;

const GONE = 'it is gone';
const PUT_BACK_MS = 200;

export interface ScrubOptions {
	ledger: Ledger;
	pathOf: (sha256: string) => string;
	/** Bytes that are read in a second; 0: none at all. */
	rate: number;
	/** How long it works at a time; the chore goes on where it was. */
	forMs: number;
	onDamaged: (found: { sha256: string; fault: string }) => void;
	/** People were told whose files are damaged, and there are deliveries to be made of it. */
	onDeliveries: () => void;
}

/**
 * Reads all content again and again at a bounded rate, so that damage is found while there is a backup that still has it.
 * Where it has come to is in the ledger: a restart goes on there.
 */
export class Scrub {
	readonly #options: ScrubOptions;

	constructor(options: ScrubOptions) {
		this.#options = options;
	}

	/** Goes on for its time; says how far it is. */
	async run(signal: AbortSignal): Promise<string> {
		const { ledger, forMs, rate } = this.#options;
		if (rate === 0) return 'no content is read again, since --scrub-rate is 0';
		const until = performance.now() + forMs;
		while (performance.now() < until && !signal.aborted) {
			const { after } = await ledger.read(readScrub, null);
			const page = await ledger.read(listToScrub, { after, limit: NOTED_EVERY });
			const read: { sha256: string; size: number; fault: string | null }[] = [];
			let bytes = 0;
			for (const { sha256, size } of page) {
				if (bytes >= NOTED_BYTES || performance.now() >= until || signal.aborted) break;
				let fault = await this.#faultOf(sha256, size, signal);
				if (fault === GONE) {
					// A sweep takes content aside for a moment and, when something refers to it by then, puts it back.
					await setTimeout(PUT_BACK_MS);
					fault = await this.#faultOf(sha256, size, signal);
				}
				if (signal.aborted) break;
				if (fault !== null) this.#options.onDamaged({ sha256, fault });
				read.push({ sha256, size, fault });
				bytes += size;
			}
			const isEnd = page.length < NOTED_EVERY && read.length === page.length;
			const noted = { now: Date.now(), blobs: read, isEnd };
			if ((await ledger.write(noteScrubbed, noted, { patient: true })) > 0) this.#options.onDeliveries();
			if (isEnd) break;
		}
		const state = await ledger.read(readScrub, null);
		const { count } = await ledger.read(listDamaged, { limit: 0 });
		const damage = count === 0 ? 'nothing is damaged' : `${count} contents are damaged, see coordinator verify`;
		if (state.begunAt === null) return `all content was read; ${damage}`;
		return `${state.blobs} contents were read in this round; ${damage}`;
	}

	/** What was found and is not whole again, newest first. */
	async damaged(limit: number): Promise<DamagedContent> {
		const { count, items } = await this.#options.ledger.read(listDamaged, { limit });
		return {
			count,
			items: items.map(({ foundAt, ...item }) => ({ ...item, foundAt: new Date(foundAt).toISOString() })),
		};
	}

	async #faultOf(sha256: string, size: number, signal: AbortSignal): Promise<string | null> {
		const hash = createHash('sha256');
		let bytes = 0;
		try {
			const stream = createReadStream(this.#options.pathOf(sha256), { highWaterMark: PIECE_BYTES });
			for await (const piece of stream) {
				hash.update(piece as Buffer);
				bytes += (piece as Buffer).length;
				await setTimeout(((piece as Buffer).length / this.#options.rate) * 1_000, undefined, { signal }).catch(
					() => {},
				);
				if (signal.aborted) return null;
			}
		} catch (error) {
			return (error as NodeJS.ErrnoException).code === 'ENOENT'
				? GONE
				: `it cannot be read: ${(error as Error).message}`;
		}
		if (bytes !== size) return `it has ${bytes} bytes, not ${size}`;
		return hash.digest('hex') === sha256 ? null : 'it has other bytes';
	}
}
