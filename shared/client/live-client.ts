import { io, type Socket } from 'socket.io-client';
import { fullJitterBackoff } from '../backoff.ts';
import {
	type CoordinatorToPerson,
	type LivePatch,
	type LiveTopic,
	liveMessageSchema,
	type PersonToCoordinator,
} from '../protocol/live-updates.ts';
import type { ClientAuth } from './http-client.ts';

/** connecting: first try · live: updates flow · reconnecting: the link was lost, trying by itself · signed-out: sign in, then make a new client · closed */
export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'signed-out' | 'closed';

/** What is listened to, and who is told. */
export interface LiveSourceOptions {
	topics: readonly LiveTopic[];
	onPatch(patch: LivePatch): void;
	/** Updates may have been missed: read again what is on screen. Also called once after the first connect. */
	onResync(): void;
	onState?(state: LiveState): void;
}

/** Where updates come from, until it is disposed of. */
export interface LiveSource extends Disposable {
	readonly state: LiveState;
}

export interface LiveClientOptions extends LiveSourceOptions {
	/** As for HttpClient. */
	baseUrl: string;
	auth: ClientAuth;
	/** Node.js only: an `http.Agent` that opens the connections, where not every certificate is good. */
	agent?: object;
}

const SUBSCRIBE_MS = 10_000;
const BACKOFF = { firstMs: 500, mostMs: 15_000 };
const SIGNED_OUT_CODES: readonly string[] = ['unauthenticated', 'forbidden', 'insufficient-scope'];

/** Hears `/live`. Patches are hints that come in order; a gap or a reconnect calls `onResync`. */
export class LiveClient implements LiveSource {
	readonly #options: LiveClientOptions;
	readonly #socket: Socket<CoordinatorToPerson, PersonToCoordinator>;
	#state: LiveState = 'connecting';
	/** Number of the last message; null until subscribed. */
	#seq: number | null = null;
	#tries = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(options: LiveClientOptions) {
		this.#options = options;
		const { origin, pathname } = new URL(options.baseUrl);
		const { auth, agent } = options;
		this.#socket = io(`${origin}/live`, {
			path: `${pathname.replace(/\/+$/, '')}/socket.io`,
			transports: ['websocket', 'polling'],
			tryAllTransports: true,
			reconnectionDelay: BACKOFF.firstMs,
			reconnectionDelayMax: BACKOFF.mostMs,
			withCredentials: auth.kind === 'cookie',
			// Its type says a string; what it is handed on to takes an agent.
			...(agent === undefined ? {} : { agent: agent as unknown as string }),
			...(auth.kind === 'token' ? { auth: { token: auth.token } } : {}),
			...(auth.kind === 'cookie' && auth.cookie !== undefined ? { extraHeaders: { cookie: auth.cookie } } : {}),
		});
		this.#socket.on('connect', () => void this.#subscribe());
		this.#socket.on('connect_error', (error) => this.#refused(error));
		this.#socket.on('disconnect', (reason) => this.#lost(reason));
		this.#socket.on('live:patch', (message: unknown) => this.#take(message));
		this.#socket.on('live:signed-out', () => this.#end('signed-out'));
	}

	get state(): LiveState {
		return this.#state;
	}

	[Symbol.dispose](): void {
		this.#end('closed');
	}

	async #subscribe(): Promise<void> {
		const { id } = this.#socket;
		let answer: Awaited<ReturnType<typeof this.ask>>;
		try {
			answer = await this.ask();
		} catch {
			// No answer in time: this link is as good as dead. A new one is made, unless one has been made meanwhile.
			if (this.#socket.id === id) this.#again();
			return;
		}
		if (this.#socket.id !== id) return;
		if (!answer.ok) {
			if (SIGNED_OUT_CODES.includes(answer.code)) this.#end('signed-out');
			else this.#again();
			return;
		}
		this.#seq = answer.seq;
		this.#tries = 0;
		this.#enter('live');
		this.#options.onResync();
	}

	private ask() {
		return this.#socket.timeout(SUBSCRIBE_MS).emitWithAck('subscribe', { topics: [...this.#options.topics] });
	}

	#take(message: unknown): void {
		const parsed = liveMessageSchema.safeParse(message);
		if (this.#seq === null) return;
		if (!parsed.success) {
			// A newer server says something that this version does not know: reading again is always right.
			this.#options.onResync();
			return;
		}
		const { seq, patches } = parsed.data;
		const gap = seq !== this.#seq + 1;
		this.#seq = seq;
		for (const patch of patches) this.#options.onPatch(patch);
		if (gap) this.#options.onResync();
	}

	#refused(error: Error): void {
		if (SIGNED_OUT_CODES.includes(error.message)) this.#end('signed-out');
		// socket.io tries again by itself unless the server has refused this client.
		else if (!this.#socket.active) this.#again();
	}

	#lost(reason: string): void {
		this.#seq = null;
		if (this.#state === 'signed-out' || this.#state === 'closed') return;
		this.#enter('reconnecting');
		if (reason === 'io server disconnect') this.#again();
	}

	/** Makes a new connection after a while; only for what socket.io does not do by itself. */
	#again(): void {
		if (this.#state === 'signed-out' || this.#state === 'closed') return;
		this.#enter(this.#state === 'connecting' ? 'connecting' : 'reconnecting');
		this.#socket.disconnect();
		this.#tries += 1;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#socket.connect(), fullJitterBackoff(BACKOFF, this.#tries));
	}

	#end(state: 'signed-out' | 'closed'): void {
		if (this.#state === 'closed') return;
		clearTimeout(this.#timer);
		this.#enter(state);
		this.#socket.disconnect();
	}

	#enter(state: LiveState): void {
		if (this.#state === state) return;
		this.#state = state;
		this.#options.onState?.(state);
	}
}
