import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { waitFor } from '../support/wait-for.ts';

/** Hears from workers, over UDP on loopback, which task began when (milliseconds since 1970). */
export class BeginTimes implements AsyncDisposable {
	readonly #socket: Socket;
	readonly #times = new Map<number, number>();

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.on('message', (message) => {
			this.#times.set(Number(message.readBigUInt64LE(0)), message.readDoubleLE(8));
		});
	}

	static async listen(): Promise<BeginTimes> {
		// As much as the kernel lets us have: a lost datagram would look like a lost task.
		const socket = createSocket({ type: 'udp4', recvBufferSize: 32 * 1024 * 1024 });
		socket.bind(0, '127.0.0.1');
		await once(socket, 'listening');
		return new BeginTimes(socket);
	}

	get port(): number {
		return this.#socket.address().port;
	}

	/** When task `number` began; waits for it. */
	async of(number: number): Promise<number> {
		return waitFor(`task ${number} to begin`, () => this.#times.get(number), { withinMs: 60_000 });
	}

	/** When the last of so many tasks, numbered from `first`, began. */
	async all(first: number, count: number, withinMs: number): Promise<number> {
		const inRange = () => {
			let found = 0;
			for (let number = first; number < first + count; number++) if (this.#times.has(number)) found += 1;
			return found;
		};
		await waitFor(`${count} tasks to begin`, () => inRange() === count, { withinMs, lastSeen: inRange });
		let last = 0;
		for (let number = first; number < first + count; number++) last = Math.max(last, this.#times.get(number) ?? 0);
		return last;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const closed = once(this.#socket, 'close');
		this.#socket.close();
		await closed;
	}
}
