import { io, type Socket } from 'socket.io-client';
import { NodeKey } from '../../agent/link/identity.ts';
import { type LinkKey, LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import {
	type Assignment,
	type CancelOrder,
	challengeSchema,
	type Hello,
	type HelloAnswer,
	type SettleAnswer,
} from '../../shared/protocol/agent-link.ts';
import { settlePayload } from '../../shared/protocol/settle-payload.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { Api, type RawAnswer } from './api.ts';
import { RaceTimer } from './race-timer.ts';
import type { Joinable } from './start-agent.ts';

const CAPABILITIES = {
	cores: 2,
	memoryBytes: 2 ** 32,
	taskTypes: ['noop', 'md5', 'mimetype', 'thumbnail', 'imagefacts'],
};
export const NO_USAGE = { wallMs: 1, cpuMs: 1, peakMemoryBytes: 1, bytesIn: 0, bytesOut: 0 };

let count = 0;

/** The agent's side of the link, played by hand: a node that has really joined and says whatever a test wants it to. */
export class PlayedAgent implements Disposable {
	readonly node: string;
	readonly name: string;
	readonly assignments: Assignment[] = [];
	readonly cancels: CancelOrder['attempts'] = [];
	readonly #url: string;
	readonly #key: NodeKey;
	#linkKey: LinkKey | null = null;
	readonly #watchers = new Set<() => void>();
	#socket: Socket | null = null;

	private constructor(url: string, node: string, name: string, key: NodeKey) {
		this.#url = url;
		this.node = node;
		this.name = name;
		this.#key = key;
	}

	/** Joins with a fresh token; `connect` makes the link. */
	static async join(coordinator: Joinable): Promise<PlayedAgent> {
		const key = new NodeKey();
		count += 1;
		const name = `played-${count}`;
		const { node } = await new Api(coordinator.url).post<{ node: string }>('/agent/join', {
			token: await coordinator.nodeToken(),
			name,
			publicKey: key.publicKey,
		});
		return new PlayedAgent(coordinator.url, node, name, key);
	}

	/** Joins, connects and is taken in. */
	static async start(coordinator: Joinable, hello: Partial<Hello> = {}): Promise<PlayedAgent> {
		const agent = await PlayedAgent.join(coordinator);
		const answer = await agent.connect(hello);
		if (!answer.ok) throw new Error(`refused: ${answer.code} ${answer.message}`);
		return agent;
	}

	get isConnected(): boolean {
		return this.#socket?.connected ?? false;
	}

	/** Opens a link and says hello, rightly signed unless told otherwise. */
	async connect(hello: Partial<Hello> = {}): Promise<HelloAnswer> {
		const socket = io(`${this.#url}/agents`, { transports: ['websocket'], reconnection: false, forceNew: true });
		this.#socket?.disconnect();
		this.#socket = socket;
		socket.on('task:assign', ({ tasks }: { tasks: Assignment[] }) => {
			this.assignments.push(...tasks);
			this.#tell();
		});
		socket.on('task:cancel', ({ attempts }: CancelOrder) => {
			this.cancels.push(...attempts);
			this.#tell();
		});
		socket.on('disconnect', () => this.#tell());
		const challenge = await new Promise((resolve, reject) => {
			socket.once('agent:challenge', resolve);
			socket.once('connect_error', reject);
		});
		const { nonce } = challengeSchema.parse(challenge);
		const exchange = new LinkKeyExchange();
		this.#linkKey = exchange.agree(nonce);
		return socket.timeout(10_000).emitWithAck('agent:hello', {
			protocol: PROTOCOL_VERSION,
			node: this.node,
			signature: this.#key.sign(nonce, this.node, exchange.publicKey),
			linkKey: exchange.publicKey,
			capabilities: CAPABILITIES,
			queues: ['normal'],
			concurrency: 4,
			running: [],
			...hello,
		});
	}

	/** Sends any event with any words. */
	emit(event: string, ...words: unknown[]): void {
		this.#socket?.emit(event, ...words);
	}

	/** Settles, rightly sealed. */
	settle(...items: unknown[]): Promise<SettleAnswer> {
		return this.settleSealed(items, this.#linkKey?.seal(settlePayload(this.node, items)));
	}

	/** Settles with any seal, or none. */
	settleSealed(items: unknown[], seal?: string): Promise<SettleAnswer> {
		if (!this.#socket) throw new Error('not connected');
		return this.#socket.timeout(15_000).emitWithAck('task:settle', { items, seal });
	}

	/** Settles one and answers with what became of it. */
	async settled(item: unknown): Promise<string | undefined> {
		const answer = await this.settle(item);
		if ('statuses' in answer) return answer.statuses[0];
		return 'refused' in answer ? answer.refused : `come again in ${answer.retryAfterMs} ms`;
	}

	/** Waits until so many assignments have come, and gives them. */
	async assigned(least = 1, withinMs = 60_000): Promise<Assignment[]> {
		await this.until(`${least} assignments`, () => this.assignments.length >= least, withinMs);
		return this.assignments;
	}

	/** Waits for what the link brings, its end included. */
	async until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
		using timer = new RaceTimer(withinMs, () => `${what}; ${this.assignments.length} assignments so far`);
		while (!holds()) {
			await Promise.race([new Promise<void>((resolve) => this.#watchers.add(resolve)), timer.over]);
		}
	}

	/** Hands over an output over HTTP, as the attempt. */
	putOutput(assignment: Assignment, name: string, content: Buffer): Promise<RawAnswer> {
		const { task, attempt, token } = assignment;
		const path = `/api/v1/agent/attempts/${task}/${attempt}/outputs/${encodeURIComponent(name)}`;
		return new Api(this.#url).raw('PUT', path, content, {
			authorization: `Attempt ${token}`,
			'content-type': 'application/octet-stream',
		});
	}

	[Symbol.dispose](): void {
		this.#socket?.disconnect();
		this.#watchers.clear();
	}

	#tell(): void {
		for (const watcher of this.#watchers) watcher();
		this.#watchers.clear();
	}
}

/** A settlement that says that an attempt succeeded, with what a test wants otherwise. */
export const success = ({ task, attempt, token }: Assignment, more: Record<string, unknown> = {}) => ({
	task,
	attempt,
	token,
	outcome: 'succeeded',
	result: {},
	outputs: [],
	usage: NO_USAGE,
	...more,
});
