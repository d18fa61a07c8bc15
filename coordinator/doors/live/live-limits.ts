/** What a person's screen may do, and how it is told; tests make it narrower. */
export interface LiveLimits {
	/** Sockets that one person may have open. */
	ofUser: number;
	/** Sockets that one address (or IPv6 network) may have open. */
	ofNetwork: number;
	/** A person's frame is a subscription; nothing larger has a meaning. */
	frameBytes: number;
	/** Frames that a socket, and all of a person's sockets together, may send a second, and at once. */
	framesPerSecond: number;
	framesAtOnce: number;
	/** What waits for a screen that does not read; above it the screen is cut off and comes back afresh. */
	bufferedBytes: number;
	/** Patches in one message; more than that is quicker read again. */
	patches: number;
	/** Patches that come together within so long go out together. */
	flushMs: number;
	/** Every socket's credential is asked about again so often. */
	recheckMs: number;
	/** A peer that refuses to close is not waited for longer. */
	closeMs: number;
}

export const LIVE_LIMITS: LiveLimits = {
	ofUser: 20,
	ofNetwork: 50,
	frameBytes: 64 * 1024,
	framesPerSecond: 50,
	framesAtOnce: 100,
	bufferedBytes: 1024 * 1024,
	// A thousand queues may change in the same second as much else does.
	patches: 2_000,
	flushMs: 100,
	recheckMs: 5 * 60_000,
	closeMs: 500,
};
