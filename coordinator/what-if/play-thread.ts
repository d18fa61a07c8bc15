import { type MessagePort, Worker } from 'node:worker_threads';
import { READING_SHARE, type ReadTrace, type WhatIfOrder } from './order.ts';
import { Period, type Played } from './period.ts';
import { tooMuch } from './period-too-long.ts';

/** What a thread is started with that plays a period as it was. */
export interface PlayOrder extends WhatIfOrder {
	/** One number, shared: how far it is. Whoever waits for it may be at work, too, and read no messages. */
	share: Float64Array;
}

/**
 * The body of a thread that plays a period as it was. It reads the record by itself: to be given what another thread has
 * read takes longer than that, for both of them. What is to be refused it leaves to the other, which reads the same.
 */
export const servePlay = async (order: PlayOrder, read: ReadTrace, port: MessagePort): Promise<void> => {
	const { share, linkGraceMs } = order;
	const trace = await read(order, (done) => {
		share[0] = Math.min(done, 1) * READING_SHARE;
	});
	if (trace.isCut) return;
	const period = new Period(trace, linkGraceMs);
	const played = period.play(period.recorded, (done) => {
		share[0] = READING_SHARE + Math.min(done, 1) * (1 - READING_SHARE);
	});
	share[0] = 1;
	port.postMessage(played);
};

/** A period that is played as it was in a thread of its own. */
export interface Beside {
	readonly share: number;
	played: Promise<Played>;
	/** Ends the thread, whatever it does. */
	end(): void;
}

export const playBeside = (entry: URL, order: WhatIfOrder, heapMb: number): Beside => {
	const share = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
	const workerData: PlayOrder = { ...order, share };
	const worker = new Worker(entry, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
	const played = new Promise<Played>((resolve, reject) => {
		worker.once('message', resolve);
		worker.once('error', (error: NodeJS.ErrnoException) =>
			reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch(error) : error),
		);
		worker.once('exit', () => reject(new Error('the thread that plays a period ended without an answer')));
	});
	// It is waited for only when the other run has been played.
	played.catch(() => {});
	return {
		get share() {
			return share[0]!;
		},
		played,
		end: () => void worker.terminate(),
	};
};
