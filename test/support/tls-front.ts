import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';

/** A certificate before a real coordinator: it can be replaced, as it is when somebody else answers in its place. */
export class TlsFront implements AsyncDisposable {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	/** Bytes that came in, once decrypted: zero as long as whoever connected has said nothing. */
	heard = 0;

	private constructor(target: number, certificate: { cert: string; key: string }) {
		this.#server = createServer(certificate, (outer) => {
			const inner = connect(target, '127.0.0.1');
			for (const socket of [outer, inner]) {
				this.#sockets.add(socket);
				// One end is cut by the other; whoever speaks through them notices.
				socket.on('error', () => {});
				socket.on('close', () => {
					this.#sockets.delete(socket);
					outer.destroy();
					inner.destroy();
				});
			}
			outer.on('data', (piece) => {
				this.heard += piece.length;
			});
			outer.pipe(inner).pipe(outer);
		});
		// Those that are still agreeing on keys are none of the above, and would keep the server from closing.
		this.#server.on('connection', (socket) => {
			this.#sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => this.#sockets.delete(socket));
		});
		// Whoever does not like the certificate hangs up.
		this.#server.on('tlsClientError', () => {});
	}

	static async start(target: number, certificate: { cert: string; key: string }, port = 0): Promise<TlsFront> {
		const front = new TlsFront(target, certificate);
		await new Promise<void>((resolve, reject) => {
			front.#server.once('error', reject);
			front.#server.listen(port, '127.0.0.1', resolve);
		});
		return front;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const closed = new Promise((resolve) => this.#server.close(resolve));
		for (const socket of this.#sockets) socket.destroy();
		await closed;
	}
}
