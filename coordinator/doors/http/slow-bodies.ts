import type { IncomingMessage } from 'node:http';

export interface BodyPace {
	/** A JSON body must be there whole within this time. */
	jsonMs: number;
	/** A stream must bring at least so many bytes in every window. */
	windowMs: number;
	windowBytes: number;
}

export const BODY_PACE: BodyPace = { jsonMs: 30_000, windowMs: 30_000, windowBytes: 30 * 1024 };

/** How often it is looked: twice a second at most, four times a window at least. */
const LOOK_EVERY_MS = 5_000;

interface Watched {
	request: IncomingMessage;
	isStream: boolean;
	onSlow: () => void;
	since: number;
	bytes: number;
}

/**
 * Finds requests whose bodies hardly arrive. Node's own time limit would also end an upload that takes long because it
 * is large, so streams are held to a rate instead.
 */
export class SlowBodies {
	readonly #pace: BodyPace;
	readonly #watched = new Set<Watched>();
	readonly #timer: NodeJS.Timeout;

	constructor(pace: BodyPace = BODY_PACE) {
		this.#pace = pace;
		const everyMs = Math.min(LOOK_EVERY_MS, pace.windowMs / 4, pace.jsonMs / 4);
		this.#timer = setInterval(() => this.#look(), everyMs).unref();
	}

	/** Watches a body until the function given back is called; `onSlow` is called once when it is too slow. */
	watch(request: IncomingMessage, kind: 'json' | 'stream', onSlow: () => void): () => void {
		const { bytesRead } = request.socket;
		const watched = { request, isStream: kind === 'stream', onSlow, since: performance.now(), bytes: bytesRead };
		this.#watched.add(watched);
		return () => this.#watched.delete(watched);
	}

	close(): void {
		clearInterval(this.#timer);
	}

	#look(): void {
		const now = performance.now();
		for (const watched of this.#watched) {
			if (watched.request.complete || watched.request.destroyed) this.#watched.delete(watched);
			else if (this.#isTooSlow(watched, now)) {
				this.#watched.delete(watched);
				watched.onSlow();
			}
		}
	}

	#isTooSlow(watched: Watched, now: number): boolean {
		const { jsonMs, windowMs, windowBytes } = this.#pace;
		if (!watched.isStream) return now - watched.since > jsonMs;
		if (now - watched.since <= windowMs) return false;
		const { request, bytes } = watched;
		const { bytesRead } = request.socket;
		watched.since = now;
		watched.bytes = bytesRead;
		// What waits here to be read is our slowness (a busy disk), not the sender's.
		const waitsForUs = request.readableLength >= request.readableHighWaterMark;
		return bytesRead - bytes < windowBytes && !waitsForUs;
	}
}
