import type { Readable } from 'node:stream';
import { CodedError } from '../../shared/coded-error.ts';

/**
 * The pieces of a stream as they come. A stream that breaks is an `incomplete-body`, unless whoever destroyed it gave a
 * coded reason. Stopping early leaves the stream alone, so that the sender can still be answered.
 */
export async function* piecesOf(source: Readable, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void> {
	const abort = (): void => void source.destroy(asError(signal?.reason));
	if (signal?.aborted) abort();
	signal?.addEventListener('abort', abort, { once: true });
	try {
		for await (const piece of source.iterator({ destroyOnReturn: false })) yield piece as Buffer;
	} catch (cause) {
		if (cause instanceof CodedError) throw cause;
		throw new CodedError('incomplete-body', undefined, { cause });
	} finally {
		signal?.removeEventListener('abort', abort);
	}
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error('aborted'));
