import { io, type Socket } from 'socket.io-client';
import { fullJitterBackoff } from '../../shared/backoff.ts';
import { type LinkKey, LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import {
	type AgentToCoordinator,
	type CoordinatorToAgent,
	challengeSchema,
	type Heartbeat,
	type HeartbeatAnswer,
	type Hello,
	type HelloAnswer,
	type SettleAnswer,
	type Settlement,
} from '../../shared/protocol/agent-link.ts';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { settlePayload } from '../../shared/protocol/settle-payload.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { helloAnswerSchema } from './answers.ts';
import { connectTrouble } from './connect-trouble.ts';
import type { Identity } from './identity.ts';
import { fatalRefusal, type Refused } from './refusal.ts';

const HELLO_TIMEOUT_MS = 10_000;
const SETTLE_TIMEOUT_MS = 15_000;
/** Saying that one leaves is worth a short wait only: whoever ended the agent waits for it. */
const DRAINING_TIMEOUT_MS = 5_000;
const RECONNECT = { firstMs: 400, mostMs: 5_000 };
const RECONNECT_LEAST_MS = 200;

export interface LinkLog {
	info(facts: object, text: string): void;
	warn(facts: object, text: string): void;
}

export interface LinkEvents {
	/** The coordinator has taken this node in; `sentAt` is when the hello went out. */
	onReady(answer: Extract<HelloAnswer, { ok: true }>, sentAt: number): void;
	onLost(): void;
	/** Trying again cannot help. */
	onRefused(refusal: Refused): void;
	onOrder(event: keyof Omit<CoordinatorToAgent, 'agent:challenge'>, message: unknown): void;
}

/**
 * The socket to the coordinator. States: `down` (waiting to try again) -> `connecting` -> `greeting` (hello sent) ->
 * `ready`; any loss leads to `down`. Only a fatal refusal or `close` ends it.
 */
export class CoordinatorLink {
	readonly #socket: Socket<CoordinatorToAgent, AgentToCoordinator>;
	readonly #identity: Identity;
	readonly #hello: () => Omit<Hello, 'protocol' | 'node' | 'signature' | 'linkKey'>;
	readonly #events: LinkEvents;
	readonly #log: LinkLog;
	#tries = 0;
	#timer: NodeJS.Timeout | null = null;
	#isReady = false;
	/** The hello is out and not answered. */
	#isGreeting = false;
	#onGreeted: (() => void)[] = [];
	/** Of this connection; null before a challenge came. */
	#linkKey: LinkKey | null = null;
	#isClosed = false;

	constructor(options: {
		url: string;
		identity: Identity;
		hello: () => Omit<Hello, 'protocol' | 'node' | 'signature' | 'linkKey'>;
		events: LinkEvents;
		log: LinkLog;
	}) {
		this.#identity = options.identity;
		this.#hello = options.hello;
		this.#events = options.events;
		this.#log = options.log;
		const { origin, pathname } = new URL(options.url);
		this.#socket = io(`${origin}/agents`, {
			path: `${pathname.replace(/\/$/, '')}/socket.io`,
			transports: ['websocket'],
			// The library's types know only an object here; what it hands on to ws may be false.
			perMessageDeflate: false as unknown as { threshold: number },
			// Our own waiting below: the library's does not come back after the server has cut the socket.
			reconnection: false,
			autoConnect: false,
			forceNew: true,
			timeout: HELLO_TIMEOUT_MS,
		});
		this.#socket.on('agent:challenge', (message) => this.#greet(message));
		for (const event of ['task:assign', 'task:cancel', 'agent:drain', 'agent:configure'] as const) {
			this.#socket.on(event, (message: unknown) => this.#events.onOrder(event, message));
		}
		this.#socket.on('connect_error', (error) => this.#retry(connectTrouble(error)));
		this.#socket.on('disconnect', (reason) => this.#retry(reason));
	}

	get isReady(): boolean {
		return this.#isReady;
	}

	open(): void {
		this.#socket.connect();
	}

	/** Announces; lost without a trace when the link is down. */
	emit<E extends 'task:started' | 'task:progress' | 'task:log'>(event: E, message: unknown): void {
		if (this.#isReady) (this.#socket as Socket).emit(event, message);
	}

	/** Not kept for later when the line is full: the next one is newer. */
	emitMetrics(metrics: NodeMetrics): void {
		if (this.#isReady) this.#socket.volatile.emit('agent:metrics', metrics);
	}

	/**
	 * Says that no more work is taken. Resolves when the coordinator has heard it, and all that it had assigned before is
	 * here; also when it cannot hear: there is no link, or no answer comes in time.
	 */
	async sayDraining(): Promise<void> {
		// Once the hello is out, work may be on its way.
		if (this.#isGreeting) await new Promise<void>((resolve) => this.#onGreeted.push(resolve));
		if (!this.#isReady) return;
		await new Promise<void>((resolve) => {
			this.#socket.once('disconnect', () => resolve());
			this.#socket.timeout(DRAINING_TIMEOUT_MS).emit('agent:draining', {}, () => resolve());
		});
	}

	/** Rejects when no answer comes in time or the link is lost. */
	heartbeat(message: Heartbeat, withinMs: number): Promise<HeartbeatAnswer> {
		return this.#socket.timeout(withinMs).emitWithAck('agent:heartbeat', message);
	}

	/** Rejects when no answer comes in time or the link is lost. */
	settle(items: Settlement[]): Promise<SettleAnswer> {
		if (!this.#isReady || !this.#linkKey) return Promise.reject(new Error('the link is down'));
		const seal = this.#linkKey.seal(settlePayload(this.#identity.node, items));
		return this.#socket.timeout(SETTLE_TIMEOUT_MS).emitWithAck('task:settle', { items, seal });
	}

	/** Drops the connection and tries again soon, for example when nothing is heard any more. */
	restart(reason: string): void {
		if (this.#isClosed) return;
		this.#log.warn({ reason }, 'dropping the connection');
		if (this.#socket.connected) this.#socket.disconnect();
		else this.#retry(reason);
	}

	close(): void {
		this.#isClosed = true;
		this.#isReady = false;
		this.#endGreeting();
		if (this.#timer) clearTimeout(this.#timer);
		this.#socket.disconnect();
	}

	#greet(message: unknown): void {
		const challenge = challengeSchema.safeParse(message);
		if (!challenge.success) {
			this.restart('the coordinator sent a malformed challenge');
			return;
		}
		const { nonce, protocol } = challenge.data;
		if (protocol.major !== PROTOCOL_VERSION.major) {
			const versions = `The coordinator speaks protocol ${protocol.major}, this agent ${PROTOCOL_VERSION.major}`;
			this.#refuse('protocol-version', versions);
			return;
		}
		const exchange = new LinkKeyExchange();
		this.#linkKey = exchange.agree(nonce);
		if (!this.#linkKey) {
			this.restart('the coordinator sent a challenge that no key can be agreed on with');
			return;
		}
		const { node, key } = this.#identity;
		const linkKey = exchange.publicKey;
		const signature = key.sign(nonce, node, linkKey);
		const hello: Hello = { protocol: PROTOCOL_VERSION, node, signature, linkKey, ...this.#hello() };
		const sentAt = performance.now();
		this.#isGreeting = true;
		this.#socket.timeout(HELLO_TIMEOUT_MS).emit('agent:hello', hello, (error: Error | null, answer: unknown) => {
			if (this.#isClosed) return;
			if (error) this.restart('the coordinator did not answer the hello');
			else this.#welcome(answer, sentAt);
		});
	}

	#welcome(message: unknown, sentAt: number): void {
		const parsed = helloAnswerSchema.safeParse(message);
		if (!parsed.success) {
			this.restart('the coordinator sent a malformed answer to the hello');
		} else if (!parsed.data.ok) {
			this.#refuse(parsed.data.code, parsed.data.message);
		} else {
			this.#tries = 0;
			this.#isReady = true;
			this.#endGreeting();
			this.#events.onReady(parsed.data, sentAt);
		}
	}

	#endGreeting(): void {
		this.#isGreeting = false;
		for (const resolve of this.#onGreeted.splice(0)) resolve();
	}

	#refuse(code: string, message: string): void {
		const refusal = fatalRefusal(code, message);
		if (refusal) {
			this.close();
			this.#events.onRefused(refusal);
		} else {
			this.restart(`refused: ${code}: ${message}`);
		}
	}

	#retry(reason: string): void {
		const wasReady = this.#isReady;
		this.#isReady = false;
		this.#endGreeting();
		if (this.#isClosed) return;
		if (wasReady) this.#events.onLost();
		if (this.#timer) return;
		this.#tries += 1;
		const waitMs = RECONNECT_LEAST_MS + fullJitterBackoff(RECONNECT, this.#tries);
		this.#log.warn({ reason, waitMs, tries: this.#tries }, 'no link to the coordinator');
		this.#timer = setTimeout(() => {
			this.#timer = null;
			this.#socket.connect();
		}, waitMs);
	}
}
