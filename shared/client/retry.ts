import { fullJitterBackoff } from '../backoff.ts';
import { CodedError } from '../coded-error.ts';
import { UnexpectedAnswerError, UnreachableError } from './client-errors.ts';

/** How often and how patiently a request is tried again. Times are milliseconds. */
export interface RetryBounds {
	tries: number;
	firstMs: number;
	mostMs: number;
}

export const DEFAULT_RETRY: RetryBounds = { tries: 4, firstMs: 300, mostMs: 5_000 };

/** Whether the same request may succeed later. */
export const isRetryable = (error: unknown): boolean =>
	(error instanceof UnreachableError && error.mayPass) ||
	((error instanceof CodedError || error instanceof UnexpectedAnswerError) && error.shouldRetry());

/** Waits, or rejects with the signal's reason as soon as it is aborted. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
	new Promise((resolve, reject) => {
		if (signal?.aborted) {
			reject(signal.reason);
			return;
		}
		const stop = () => {
			clearTimeout(timer);
			reject(signal?.reason);
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', stop);
			resolve();
		}, ms);
		signal?.addEventListener('abort', stop, { once: true });
	});

/**
 * Runs the attempt until it succeeds, fails for good, or was tried often enough. A server that asks for more patience
 * than `mostMs` is not waited for: its error, with `retryAfter`, goes to the caller.
 */
export const withRetries = async <T>(
	attempt: () => Promise<T>,
	bounds: RetryBounds,
	signal?: AbortSignal,
): Promise<T> => {
	for (let tries = 1; ; tries += 1) {
		try {
			return await attempt();
		} catch (error) {
			const asked = error instanceof CodedError ? (error.retryAfter ?? 0) * 1_000 : 0;
			if (tries >= bounds.tries || !isRetryable(error) || asked > bounds.mostMs) throw error;
			await pause(asked + fullJitterBackoff(bounds, tries), signal);
		}
	}
};
