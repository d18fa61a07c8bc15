import { type MessagePort, Worker } from 'node:worker_threads';
import type { Trace } from '../journal/trace.ts';
import { Period, type Played } from './period.ts';
import { tooMuch } from './period-too-long.ts';

/** What a thread is started with that plays a period as it was. */
export interface PlayOrder {
	trace: Trace;
	linkGraceMs: number;
	/** One number, shared: how far it is. Whoever waits for it may be at work, too, and read no messages. */
	share: Float64Array;
}

/** The body of a thread that plays a period as it was. */
export const servePlay = ({ trace, linkGraceMs, share }: PlayOrder, port: MessagePort): void => {
	const period = new Period(trace, linkGraceMs);
	const played = period.play(period.recorded, (done) => {
		share[0] = Math.min(done, 1);
	});
	share[0] = 1;
	port.postMessage(played);
};

/** Plays a period as it was in a thread of its own, which ends with the one that calls this. */
export const playBeside = (
	entry: URL,
	order: Omit<PlayOrder, 'share'>,
	heapMb: number,
): { readonly share: number; played: Promise<Played> } => {
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
	};
};
