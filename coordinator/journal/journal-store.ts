import { readOperation, writeOperation } from '../database/operation.ts';

/** A chunk without what is in it. */
export interface ChunkFacts {
	epoch: number;
	number: number;
	fromAt: number;
	toAt: number;
	fromClock: number;
	events: number;
	lost: number;
}

export interface StoredChunk extends ChunkFacts {
	seq: number;
	body: Uint8Array;
}

/** What one call brings back: so many chunks, or so many bytes of them and the one that is more. */
const CHUNKS_A_PAGE = 1_000;
const BYTES_A_PAGE = 512 * 1024;
/** Chunks that are deleted in one go, so that nobody's commit waits long. */
const DELETED_AT_ONCE = 100;

export const appendChunks = writeOperation('journal.append-chunks', (db) => {
	// A repeat of a write whose answer was lost finds its chunks there.
	const insert = db.prepare(
		`INSERT OR IGNORE INTO journal_chunks (epoch, number, from_at, to_at, from_clock, events, lost, bytes, body)
		 VALUES (@epoch, @number, @fromAt, @toAt, @fromClock, @events, @lost, @bytes, @body)`,
	);
	return (chunks: (ChunkFacts & { body: Uint8Array })[]) => {
		for (const chunk of chunks) insert.run({ ...chunk, bytes: chunk.body.length });
	};
});

/** The number of the epoch that begins now. */
export const readNextEpoch = readOperation('journal.read-next-epoch', (db) => {
	const last = db.prepare('SELECT max(epoch) FROM journal_chunks').pluck();
	return (_: null) => ((last.get() as number | null) ?? 0) + 1;
});

/**
 * Chunks in the order in which they were written, after this one, of this epoch and later ones, that end at this time or
 * later. A page is walked to by number: by epoch or time SQLite would gather and sort all that there are for each page.
 */
export const readChunks = readOperation('journal.read-chunks', (db) => {
	const firstWhere = (condition: string) => {
		const first = db
			.prepare(`SELECT seq FROM journal_chunks WHERE ${condition} ORDER BY epoch, number LIMIT 1`)
			.pluck();
		return (epoch: number) => (first.get(epoch) as number | undefined) ?? Number.MAX_SAFE_INTEGER;
	};
	const firstFrom = firstWhere('epoch >= ?');
	const firstAfter = firstWhere('epoch > ?');
	const select = db.prepare(
		`SELECT seq, epoch, number, from_at AS fromAt, to_at AS toAt, from_clock AS fromClock, events, lost, body
		 FROM journal_chunks WHERE seq >= @fromSeq AND seq < @toSeq AND +to_at >= @endsFrom
		 ORDER BY seq LIMIT ${CHUNKS_A_PAGE}`,
	);
	return (args: { afterSeq: number; fromEpoch: number; toEpoch: number; endsFrom: number }) => {
		const { afterSeq, fromEpoch, toEpoch, endsFrom } = args;
		const [fromSeq, toSeq] = [Math.max(afterSeq + 1, firstFrom(fromEpoch)), firstAfter(toEpoch)];
		const page: StoredChunk[] = [];
		let bytes = 0;
		for (const chunk of select.iterate({ fromSeq, toSeq, endsFrom }) as Iterable<StoredChunk>) {
			page.push(chunk);
			bytes += chunk.body.length;
			if (bytes >= BYTES_A_PAGE) break;
		}
		return page;
	};
});

/** What is there of an epoch. */
export interface EpochFacts {
	epoch: number;
	fromAt: number;
	toAt: number;
	chunks: number;
	events: number;
	bytes: number;
	/** Its beginning is there and nothing is missing after it. */
	isWhole: boolean;
}

/** Epochs of which something lies between these times, oldest first. */
export const readEpochs = readOperation('journal.read-epochs', (db) => {
	const select = db.prepare(
		`SELECT epoch, min(from_at) AS fromAt, max(to_at) AS toAt, count(*) AS chunks, sum(events) AS events,
		   sum(bytes) AS bytes, max(number) - count(*) = -1 AND min(number) = 0 AS isWhole
		 FROM journal_chunks GROUP BY epoch HAVING max(to_at) >= @from AND min(from_at) <= @to ORDER BY epoch`,
	);
	return (args: { from: number; to: number }) =>
		(select.all(args) as (Omit<EpochFacts, 'isWhole'> & { isWhole: number })[]).map(
			(row): EpochFacts => ({ ...row, isWhole: row.isWhole === 1 }),
		);
});

/** Events of the epoch in chunks that end before this time. */
export const countEventsBefore = readOperation('journal.count-events-before', (db) => {
	const sum = db
		.prepare('SELECT coalesce(sum(events), 0) FROM journal_chunks WHERE epoch = @epoch AND to_at < @before')
		.pluck();
	return (args: { epoch: number; before: number }) => sum.get(args) as number;
});

/** Deletes the oldest chunks that are too old or too many, some of them: answers how many. */
export const forgetChunks = writeOperation('journal.forget-chunks', (db) => {
	const total = db.prepare('SELECT coalesce(sum(bytes), 0) FROM journal_chunks').pluck();
	const oldest = db.prepare(
		`SELECT seq, to_at AS toAt, bytes FROM journal_chunks ORDER BY seq LIMIT ${DELETED_AT_ONCE}`,
	);
	const remove = db.prepare('DELETE FROM journal_chunks WHERE seq = ?');
	return ({ before, mostBytes }: { before: number; mostBytes: number }) => {
		let surplus = (total.get() as number) - mostBytes;
		let forgotten = 0;
		for (const { seq, toAt, bytes } of oldest.all() as { seq: number; toAt: number; bytes: number }[]) {
			if (toAt >= before && surplus <= 0) break;
			remove.run(seq);
			surplus -= bytes;
			forgotten += 1;
		}
		return forgotten;
	};
});

/** All SQL of this room. */
export const JOURNAL_OPERATIONS = [
	appendChunks,
	countEventsBefore,
	forgetChunks,
	readChunks,
	readEpochs,
	readNextEpoch,
];
