import type { Ledger } from '../database/ledger.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { JournalEvent } from './event.ts';
import { Interned } from './interned.ts';
import { type ChunkFacts, readChunks, type StoredChunk } from './journal-store.ts';
import { unsqueeze } from './squeezed.ts';

/** Some of the journal. A gap comes before the events after it; `lost` is null when nobody knows how many there were. */
export type JournalPart =
	| { kind: 'begin'; epoch: number; at: number }
	| { kind: 'gap'; epoch: number; from: number; to: number; lost: number | null }
	| { kind: 'events'; epoch: number; at: (event: JournalEvent) => number; events: JournalEvent[] };

/** Which part: these epochs, and of them what ends at this wall time or later. */
export interface JournalRange {
	fromEpoch: number;
	toEpoch: number;
	/** Left out: from the beginning of the epoch. */
	endsFrom?: number;
}

/**
 * Reads the journal in order, a chunk at a time, so that any length takes the same memory. Every epoch begins with
 * `begin`; where something is missing, in front too, there is a `gap`, unless it was asked for from the middle.
 */
export const readJournal = async function* (
	ledger: Pick<Ledger, 'read'>,
	{ fromEpoch, toEpoch, endsFrom = Number.MIN_SAFE_INTEGER }: JournalRange,
): AsyncGenerator<JournalPart> {
	let last: ChunkFacts | null = null;
	const interned = new Interned();
	for (let afterSeq = 0; ; ) {
		const page: StoredChunk[] = await ledger.read(readChunks, { afterSeq, fromEpoch, toEpoch, endsFrom });
		for (const chunk of page) {
			const { epoch, number, fromAt, toAt, fromClock } = chunk;
			const isNew: boolean = last?.epoch !== epoch;
			if (isNew) yield { kind: 'begin', epoch, at: fromAt };
			const expected = isNew ? 0 : last!.number + 1;
			const isAskedFor = isNew && endsFrom !== Number.MIN_SAFE_INTEGER;
			if (number !== expected && !isAskedFor) {
				yield { kind: 'gap', epoch, from: isNew ? fromAt : last!.toAt, to: fromAt, lost: isNew ? null : chunk.lost };
			}
			const events = decode(chunk, interned);
			if (events) yield { kind: 'events', epoch, at: ({ now }) => fromAt + now - fromClock, events };
			else yield { kind: 'gap', epoch, from: fromAt, to: toAt, lost: chunk.events };
			last = chunk;
		}
		const end = page.at(-1);
		if (!end) return;
		afterSeq = end.seq;
	}
};

/** Null when it cannot be read: then it is as if it were not there. */
const decode = ({ body, fromClock }: StoredChunk, interned: Interned): JournalEvent[] | null => {
	try {
		return [...new ChunkReader(unsqueeze(body), fromClock, interned).events()];
	} catch {
		return null;
	}
};
