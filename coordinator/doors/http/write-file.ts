import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { ByteRange } from './content-headers.ts';

/** Read from the disk at once. Larger makes nothing faster (measured) and costs memory per download. */
const READ_BYTES = 256 * 1024;

/** Sends pieces one after the other; stops waiting when the receiver goes away. */
class Sender {
	readonly #response: ServerResponse;
	#goOn: (() => void) | null = null;
	isGone: boolean;

	constructor(response: ServerResponse) {
		this.#response = response;
		this.isGone = response.destroyed;
		response.once('close', () => {
			this.isGone = true;
			this.#goOn?.();
		});
	}

	/** Resolves when the piece has left our memory, or never will. */
	send(piece: Buffer): Promise<void> {
		if (this.isGone) return Promise.resolve();
		return new Promise((resolve) => {
			this.#goOn = resolve;
			this.#response.write(piece, () => resolve());
		});
	}
}

/**
 * Writes a range of a file as a response's body; gives the bytes that went out, fewer when the receiver went away. Two
 * buffers take turns, one is read into while the other is sent: a stream would make a new one for every piece, and the
 * garbage collector has to find them all.
 */
export const writeFile = async (file: FileHandle, range: ByteRange, response: ServerResponse): Promise<number> => {
	const length = range.last - range.first + 1;
	const sender = new Sender(response);
	let reading = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, length));
	let resting = Buffer.allocUnsafeSlow(length > READ_BYTES ? READ_BYTES : 0);
	let sending = Promise.resolve();
	let sent = 0;
	while (sent < length && !sender.isGone) {
		const { bytesRead } = await file.read(reading, 0, Math.min(reading.length, length - sent), range.first + sent);
		if (bytesRead === 0) throw new Error('the file is shorter than it was');
		await sending;
		sending = sender.send(reading.subarray(0, bytesRead));
		sent += bytesRead;
		[reading, resting] = [resting, reading];
	}
	await sending;
	response.end();
	return sent;
};
