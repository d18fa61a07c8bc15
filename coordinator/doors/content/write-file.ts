import type { FileHandle } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { Download } from '../../files/downloads.ts';
import type { ByteRange } from './content-headers.ts';

/** Read from the disk at once. Larger makes nothing faster (measured) and costs memory per download. */
const READ_BYTES = 256 * 1024;

/** Sends pieces one after the other, at the download's pace if there is one; stops waiting when the receiver goes away. */
class Sender {
	readonly #response: ServerResponse;
	readonly #download: Download | null;
	#goOn: (() => void) | null = null;
	isGone: boolean;
	#sent = 0;

	constructor(response: ServerResponse, download: Download | null) {
		this.#response = response;
		this.#download = download;
		this.isGone = response.destroyed;
		response.once('close', () => {
			this.isGone = true;
			download?.pace.end();
			this.#goOn?.();
		});
	}

	/** Resolves when the piece has left our memory, or never will. */
	send(piece: Buffer): Promise<void> {
		const wait = this.#download?.pace.take(piece.length) ?? null;
		return wait ? wait.then(() => this.#write(piece)) : this.#write(piece);
	}

	/** As much at once as the pace lets flow evenly. */
	async sendInPieces(content: Buffer): Promise<void> {
		for (let at = 0; at < content.length && !this.isGone; ) {
			const piece = content.subarray(at, at + this.piece(content.length - at));
			await this.send(piece);
			at += piece.length;
		}
	}

	/** How much to send at once. */
	piece(most: number): number {
		return this.#download?.pace.piece(most) ?? most;
	}

	/** However it ended; what went out is metered. */
	end(): void {
		this.#download?.end(this.#sent);
	}

	#write(piece: Buffer): Promise<void> {
		if (this.isGone) return Promise.resolve();
		return new Promise((resolve) => {
			this.#goOn = resolve;
			this.#response.write(piece, (error) => {
				// A piece that was cut on its way is not charged.
				if (!error) this.#sent += piece.length;
				resolve();
			});
		});
	}
}

/**
 * Writes a range of a file as a response's body. Two buffers take turns, one is read into while the other is sent: a
 * stream would make a new one for every piece, and the garbage collector has to find them all.
 */
export const writeFile = async (
	file: FileHandle,
	range: ByteRange,
	response: ServerResponse,
	download: Download | null,
): Promise<void> => {
	const length = range.last - range.first + 1;
	const sender = new Sender(response, download);
	let reading = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, length));
	let resting = Buffer.allocUnsafeSlow(length > READ_BYTES ? READ_BYTES : 0);
	let sending = Promise.resolve();
	try {
		for (let read = 0; read < length && !sender.isGone; ) {
			// With a pace even little is sent in several pieces.
			if (reading.length === 0) reading = Buffer.allocUnsafeSlow(resting.length);
			const most = Math.min(reading.length, sender.piece(length - read));
			const { bytesRead } = await file.read(reading, 0, most, range.first + read);
			if (bytesRead === 0) throw new Error('the file is shorter than it was');
			await sending;
			sending = sender.send(reading.subarray(0, bytesRead));
			read += bytesRead;
			[reading, resting] = [resting, reading];
		}
		await sending;
		response.end();
	} finally {
		sender.end();
	}
};

/** Writes bytes that are in memory as a response's body. */
export const writeBytes = async (
	content: Buffer,
	response: ServerResponse,
	download: Download | null,
): Promise<void> => {
	if (!download) return void response.end(content);
	if (!download.pace.isLimited) {
		response.once('close', () => download.end(0));
		// In the same turn, so that head and body leave in one packet.
		response.write(content, (error) => download.end(error ? 0 : content.length));
		return void response.end();
	}
	const sender = new Sender(response, download);
	await sender.sendInPieces(content);
	response.end();
	sender.end();
};

/** Thrown into whoever makes a body, to make them stop. */
class ReceiverGone extends Error {}

/**
 * Writes a body that is made while it is sent, in pieces that may be written over when `send` has resolved. Rejects when
 * the making does: then the answer has to be cut.
 */
export const writeMade = async (
	make: (send: (piece: Buffer) => Promise<void>) => Promise<void>,
	response: ServerResponse,
	download: Download | null,
): Promise<void> => {
	const sender = new Sender(response, download);
	try {
		await make(async (piece) => {
			await sender.sendInPieces(piece);
			if (sender.isGone) throw new ReceiverGone();
		});
		response.end();
	} catch (error) {
		if (!(error instanceof ReceiverGone)) throw error;
	} finally {
		sender.end();
	}
};

/** Writes texts as they come as a response's body, none faster than it is taken. */
export const writeTexts = async (texts: AsyncIterable<string>, response: ServerResponse): Promise<void> => {
	const sender = new Sender(response, null);
	for await (const text of texts) {
		if (sender.isGone) return;
		await sender.send(Buffer.from(text));
	}
	response.end();
};
