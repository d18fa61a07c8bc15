import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { RaceTimer } from './race-timer.ts';

/** What a server answered on a raw connection. */
export interface RawReply {
	status: number;
	head: string;
	body: string;
}

const parse = (text: string): RawReply => {
	const end = text.indexOf('\r\n\r\n');
	const head = end < 0 ? text : text.slice(0, end);
	return {
		status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
		head,
		body: end < 0 ? '' : text.slice(end + 4),
	};
};

/** HTTP by hand: what no honest client would send. */
export class RawConnection implements Disposable {
	readonly #socket: Socket;
	readonly #isClosed: Promise<void>;
	readonly #hasHead: Promise<void>;
	#text = '';

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setEncoding('latin1');
		// A reset is an end like another; what came before it is judged.
		socket.on('error', () => {});
		this.#isClosed = new Promise((resolve) => socket.once('close', () => resolve()));
		this.#hasHead = new Promise((resolve) => {
			socket.on('data', (chunk: string) => {
				this.#text += chunk;
				if (this.#text.includes('\r\n\r\n')) resolve();
			});
		});
	}

	static async open(port: number): Promise<RawConnection> {
		const socket = connect({ host: '127.0.0.1', port });
		await once(socket, 'connect');
		return new RawConnection(socket);
	}

	/** Sends one whole request that asks the server to close afterwards, and waits for that. */
	static async exchange(port: number, request: string | Buffer, withinMs = 30_000): Promise<RawReply> {
		using connection = await RawConnection.open(port);
		connection.send(request);
		// Awaited here: what `using` holds is dropped when this function ends.
		return await connection.closed(withinMs);
	}

	/** Sends the bytes as they are; false when the connection is gone or its buffer full. */
	send(bytes: string | Buffer): boolean {
		return !this.#socket.destroyed && this.#socket.write(bytes);
	}

	/** Says that nothing more comes. */
	end(): void {
		this.#socket.end();
	}

	/** Resolves to what came when the server has closed the connection. */
	async closed(withinMs: number): Promise<RawReply> {
		using timer = new RaceTimer(withinMs, () => `the server kept the connection open; it said: ${this.#text}`);
		await Promise.race([this.#isClosed, timer.over]);
		return parse(this.#text);
	}

	/** Resolves to the answer's beginning as soon as its head is there. */
	async answered(withinMs: number): Promise<RawReply> {
		using timer = new RaceTimer(withinMs, () => `no answer; so far: ${this.#text}`);
		await Promise.race([this.#hasHead, this.#isClosed, timer.over]);
		const reply = parse(this.#text);
		if (reply.status === 0) throw new Error(`the connection ended without an answer: ${this.#text}`);
		return reply;
	}

	/** Drops the connection with a reset. */
	reset(): void {
		this.#socket.resetAndDestroy();
	}

	[Symbol.dispose](): void {
		this.#socket.destroy();
	}
}
