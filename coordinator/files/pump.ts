import type { Readable } from 'node:stream';
import { CodedError } from '../../shared/coded-error.ts';
import type { Pace } from './bandwidth.ts';

/**
 * Takes a stream's pieces as they come; `take` gives a promise when it wants no more before that is settled. Rejects
 * with `incomplete-body` when the stream breaks, unless whoever destroyed it gave a coded reason. However it ends, the
 * stream is left alone, so that the sender can still be answered. With a pace a piece is taken when the pace lets it;
 * a sender that vanishes meanwhile is noticed when what had arrived of it has been taken, as whenever it is held back.
 *
 * Flowing mode, because `for await` costs twice the CPU here: 3.7 against 1.9 s for 2 GiB, hashing included.
 */
export const pump = (
	source: Readable,
	signal: AbortSignal | undefined,
	take: (piece: Buffer) => Promise<void> | null,
	pace: Pace | null = null,
): Promise<void> =>
	new Promise((resolve, reject) => {
		let over = false;
		const takeInTime = (piece: Buffer): Promise<void> | null => {
			const wait = pace?.take(piece.length) ?? null;
			// What is over by then has a closed file behind it.
			return wait ? wait.then(() => (over ? undefined : (take(piece) ?? undefined))) : take(piece);
		};
		const finish = (act: () => void): void => {
			// The listener for errors stays: a stream that breaks later has no one else to tell, and that must not end us.
			source.off('data', onData).off('end', onEnd).off('close', onBroken);
			signal?.removeEventListener('abort', onAbort);
			source.pause();
			over = true;
			pace?.end();
			act();
		};
		const fail = (error: unknown): void => finish(() => reject(error));
		// A piece may still come, and the end too, after the stream was told to pause.
		let busy: Promise<void> | null = null;
		const onData = (piece: Buffer): void => {
			try {
				const next: Promise<void> | null = busy ? busy.then(() => takeInTime(piece) ?? undefined) : takeInTime(piece);
				if (!next) return;
				busy = next;
				source.pause();
				next.then(() => {
					if (busy !== next || over) return;
					busy = null;
					source.resume();
				}, fail);
			} catch (error) {
				fail(error);
			}
		};
		const onEnd = (): void => {
			// All has come; what closes now, closes in order.
			source.off('close', onBroken);
			if (busy) busy.then(onEnd, fail);
			else finish(resolve);
		};
		const onBroken = (cause?: unknown): void => {
			if (!over && !source.readableEnded) fail(broken(cause ?? source.errored));
		};
		const onAbort = (): void => fail(broken(signal?.reason));

		if (signal?.aborted) return onAbort();
		if (source.destroyed || source.readableEnded) return fail(broken(source.errored));
		signal?.addEventListener('abort', onAbort, { once: true });
		source.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
	});

const broken = (cause: unknown): CodedError =>
	cause instanceof CodedError ? cause : new CodedError('incomplete-body', undefined, { cause });
