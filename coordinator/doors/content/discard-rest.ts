import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 16 * 1024 * 1024;
const WITHIN_MS = 5_000;

/** Whether a request announced a body. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
	headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/**
 * Reads and forgets what is left of a body that nobody wants. Closing at once would reset the connection, and the
 * refusal could be lost before the client, busy sending, has read it. A client that does not stop is cut off.
 */
export const discardRest = (request: IncomingMessage): void => {
	if (request.complete || request.destroyed || !hasBody(request)) return;
	const { socket } = request;
	const most = socket.bytesRead + MOST_BYTES;
	const cut = () => socket.destroy();
	const timer = setTimeout(cut, WITHIN_MS).unref();
	request.on('data', () => {
		if (socket.bytesRead > most) cut();
	});
	request.on('error', () => {});
	request.once('close', () => clearTimeout(timer));
	request.resume();
};
