import { connect } from 'node:net';
import type { BodyPace, SlowBodies } from '../../coordinator/doors/http/slow-bodies.ts';

/** Impatient enough for tests: 1 KiB a second, as in earnest, but looked at ten times a second. */
export const HASTY_PACE: BodyPace = { jsonMs: 100, windowMs: 100, windowBytes: 103 };

/**
 * Waits for several windows of a watcher by its own word: sends requests to the port that bring nothing at all, and waits
 * until each was found to be slow. `watched` gives how many were.
 */
export const waitForWindows = async (port: number, windows: number, watched: () => number): Promise<void> => {
	for (let i = 0; i < windows; i += 1) {
		const before = watched();
		const socket = connect(port, '127.0.0.1');
		socket.on('error', () => {});
		socket.write('PUT /control HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n');
		while (watched() === before) await new Promise((resolve) => setImmediate(resolve));
		socket.destroy();
	}
};

/** Counts the control's requests that a watcher finds slow; everybody else's are told to `onSlow`. */
export const watchWithControl = (slow: SlowBodies, onSlow: () => void) => {
	let found = 0;
	return {
		found: () => found,
		watch: (request: Parameters<SlowBodies['watch']>[0]) =>
			slow.watch(request, 'stream', () => {
				if (request.url === '/control') found += 1;
				else onSlow();
			}),
	};
};
