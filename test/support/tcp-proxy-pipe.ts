import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Rules } from './tcp-proxy-rules.ts';

/** Held in memory before the sender is made to wait; on a slow line a quarter of a second's worth. */
const MOST_QUEUED_BYTES = 4 * 1024 * 1024;

type Item = { dueAt: number; chunk: Buffer | null };

/** Carries one direction of one connection, in order. */
export class Pipe {
	readonly #from: Socket;
	readonly #to: Socket;
	readonly #rules: Rules;
	readonly #cut: () => void;
	readonly #queue: Item[] = [];
	#queuedBytes = 0;
	#carrying = false;
	#abandoned = false;
	/** The cut is decided: what still comes in is lost, or bytes would go missing in the middle of the stream. */
	#cutting = false;

	constructor(from: Socket, to: Socket, rules: Rules, cut: () => void) {
		this.#from = from;
		this.#to = to;
		this.#rules = rules;
		this.#cut = cut;
		from.on('data', (chunk: Buffer) => this.#take(chunk));
		from.once('end', () => this.#enqueue(null));
		// A broken end is a broken connection; through a black hole the other side does not learn of it until it heals.
		from.once('error', () => void this.#pass(this.#cut));
	}

	/** The connection is gone: nothing more is carried. */
	abandon(): void {
		this.#abandoned = true;
		this.#queue.length = 0;
	}

	#take(chunk: Buffer): void {
		if (this.#cutting) return;
		const rules = this.#rules;
		const start = rules.seen;
		rules.seen += chunk.length;
		if (rules.flip && rules.flip.at < rules.seen) {
			const at = rules.flip.at - start;
			chunk.writeUInt8(chunk.readUInt8(at) ^ 0xff, at);
			rules.flip.done();
			rules.flip = null;
		}
		if (rules.cut && rules.cut.at < rules.seen) {
			const { at, done } = rules.cut;
			rules.cut = null;
			this.#cutting = true;
			if (at > start) this.#enqueue(chunk.subarray(0, at - start));
			this.#from.pause();
			void this.#drained().then(() => {
				this.#cut();
				done();
			});
			return;
		}
		this.#enqueue(chunk);
	}

	get #mostQueued(): number {
		return Math.min(MOST_QUEUED_BYTES, this.#rules.bytesPerSecond / 4);
	}

	#enqueue(chunk: Buffer | null): void {
		if (this.#abandoned) return;
		this.#queue.push({ dueAt: performance.now() + this.#rules.delayMs, chunk });
		this.#queuedBytes += chunk?.length ?? 0;
		if (this.#queuedBytes > this.#mostQueued) this.#from.pause();
		if (!this.#carrying) void this.#carry();
	}

	async #carry(): Promise<void> {
		this.#carrying = true;
		for (let item = this.#queue.shift(); item; item = this.#queue.shift()) {
			const early = item.dueAt - performance.now();
			if (early > 0) await pause(early);
			await this.#rules.opened();
			if (this.#abandoned) break;
			if (item.chunk === null) this.#to.end();
			else await this.#deliver(item.chunk);
			this.#queuedBytes -= item.chunk?.length ?? 0;
			if (this.#from.isPaused() && this.#queuedBytes <= this.#mostQueued / 2) this.#from.resume();
		}
		this.#carrying = false;
	}

	async #deliver(chunk: Buffer): Promise<void> {
		for (let at = 0; at < chunk.length && !this.#abandoned; ) {
			const rate = this.#rules.bytesPerSecond;
			// With a limit, a tenth of a second's worth at a time, so that a change of the limit takes hold soon.
			const size = rate === Number.POSITIVE_INFINITY ? chunk.length : Math.max(1, Math.floor(rate / 10));
			const piece = chunk.subarray(at, at + size);
			at += piece.length;
			if (rate !== Number.POSITIVE_INFINITY) await pause((piece.length / rate) * 1000);
			if (this.#to.destroyed) return;
			this.#rules.forwarded += piece.length;
			if (!this.#to.write(piece)) await drainedOrClosed(this.#to);
		}
	}

	async #drained(): Promise<void> {
		while (this.#queue.length > 0 || this.#carrying) await pause(1);
		// What was written must have left before the reset, which would throw it away.
		if (this.#to.writableLength > 0) await flushed(this.#to);
	}

	async #pass(act: () => void): Promise<void> {
		await this.#rules.opened();
		if (!this.#abandoned) act();
	}
}

/** Resolves when what was written so far has left, or never will. A socket tells of draining only when it was full. */
const flushed = (socket: Socket): Promise<void> =>
	new Promise((resolve) => {
		socket.once('close', resolve);
		socket.write('', () => {
			socket.off('close', resolve);
			resolve();
		});
	});

/** Whichever comes first; no listener stays behind. */
const drainedOrClosed = async (socket: Socket): Promise<void> => {
	const over = new AbortController();
	const { signal } = over;
	await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })]).catch(() => {});
	over.abort();
};
