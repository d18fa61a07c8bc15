import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { Agents } from '../../coordinator/agents/agents.ts';
import type { NodeEvents } from '../../coordinator/agents/node-events.ts';
import type { NodeQueue } from '../../coordinator/agents/node-queue.ts';
import { AGENT_OPERATIONS } from '../../coordinator/agents/operations.ts';
import { SYSTEM } from '../../coordinator/audit/doer.ts';
import type { DoorQueue } from '../../coordinator/doors/agents/agent-connection.ts';
import { AgentsDoor } from '../../coordinator/doors/agents/agents-door.ts';
import type { DoorLimits } from '../../coordinator/doors/agents/door-limits.ts';
import { Announcer } from '../../coordinator/report/announcer.ts';
import type { NodeOffer } from '../../coordinator/scheduler/node-slots.ts';
import type { AttemptRef, Hello } from '../../shared/protocol/agent-link.ts';
import { TempFolder } from './temp-folder.ts';
import { TestLedger } from './test-ledger.ts';
import { TestNode } from './test-node.ts';

/** The queue as the agents room and their door see it; notes what it is told. */
class FakeQueue implements NodeQueue, DoorQueue {
	readonly offers = new Map<string, NodeOffer>();
	readonly seen: { node: string; what: string; items: readonly unknown[] }[] = [];
	onSettle: DoorQueue['settle'] = async (_, items) => items.map(() => 'accepted' as const);
	onStarted = () => {};

	connectNode(offer: NodeOffer, running: readonly AttemptRef[]) {
		this.offers.set(offer.id, offer);
		return [...running];
	}
	changeNode(offer: NodeOffer) {
		this.offers.set(offer.id, offer);
	}
	disconnectNode(node: string) {
		this.offers.delete(node);
	}
	heartbeat(_: string, running: readonly AttemptRef[]) {
		return [...running];
	}
	runningOn() {
		return 0;
	}
	slotsInUse() {
		return 0;
	}
	workOn() {
		return {};
	}
	started(node: string, items: readonly unknown[]) {
		this.onStarted();
		this.seen.push({ node, what: 'started', items });
	}
	progress(node: string, items: readonly unknown[]) {
		this.seen.push({ node, what: 'progress', items });
	}
	log(node: string, items: readonly unknown[]) {
		this.seen.push({ node, what: 'log', items });
	}
	settle(node: string, items: readonly unknown[]) {
		return this.onSettle(node, items);
	}
}

/** The agents room behind its door: a real ledger, real sockets, a fake queue. */
export class AgentsRoom implements AsyncDisposable {
	readonly queue: FakeQueue;
	readonly agents: Agents;
	/** What was audited as refused. */
	readonly refused: unknown[][];
	readonly logged: { msg: string; faults?: Record<string, number> }[] = [];
	readonly #folder: TempFolder;
	readonly #ledger: TestLedger;
	readonly #http = createServer();
	readonly #io: Server;
	readonly #sockets: Socket[] = [];
	#door: AgentsDoor | null = null;

	private constructor(parts: {
		folder: TempFolder;
		ledger: TestLedger;
		queue: FakeQueue;
		agents: Agents;
		refused: unknown[][];
	}) {
		this.queue = parts.queue;
		this.agents = parts.agents;
		this.refused = parts.refused;
		this.#folder = parts.folder;
		this.#ledger = parts.ledger;
		const options = { transports: ['websocket' as const], maxHttpBufferSize: 256 * 1024 };
		this.#io = new Server(this.#http, { ...options, perMessageDeflate: false });
	}

	static async open(): Promise<AgentsRoom> {
		const folder = new TempFolder();
		const ledger = new TestLedger({ file: folder.join('ledger.db'), operations: AGENT_OPERATIONS });
		const queue = new FakeQueue();
		const announcer = new Announcer<NodeEvents>(() => {});
		const refused: unknown[][] = [];
		const noteRefusal = (...refusal: unknown[]) => void refused.push(refusal);
		const logger = pino({ level: 'silent' });
		const agents = await Agents.open({ ledger, queue, announcer, logger, noteRefusal });
		const room = new AgentsRoom({ folder, ledger, queue, agents, refused });
		await new Promise<void>((resolve) => room.#http.listen(0, '127.0.0.1', resolve));
		return room;
	}

	openDoor(limits: Partial<DoorLimits> = {}, leaseMs = 30_000): AgentsDoor {
		const { agents, queue } = this;
		const logger = pino({}, { write: (line) => void this.logged.push(JSON.parse(line)) });
		const clock = { leaseMs, heartbeatMs: 10_000 };
		this.#door = new AgentsDoor({ io: this.#io, agents, queue, logger, ...clock, trustedProxies: [], limits });
		return this.#door;
	}

	/** A node that has joined. */
	async join(name: string): Promise<TestNode> {
		const node = new TestNode(name);
		const { token } = await this.agents.tokens.create({}, SYSTEM);
		node.id = (await this.agents.joining.join({ token, name, publicKey: node.publicKey }, '')).node;
		return node;
	}

	/** A socket of which nothing is known yet. */
	connect(): Socket {
		const { port } = this.#http.address() as AddressInfo;
		const options = { transports: ['websocket'], reconnection: false, forceNew: true };
		const socket = io(`http://127.0.0.1:${port}/agents`, options);
		this.#sockets.push(socket);
		return socket;
	}

	/** A socket that has been challenged. */
	async dial(): Promise<{ socket: Socket; nonce: string }> {
		const socket = this.connect();
		const { nonce } = await once<{ nonce: string }>(socket, 'agent:challenge');
		return { socket, nonce };
	}

	/** A socket that has said hello, with the answer. */
	async greet(node: TestNode, change: Partial<Hello> | ((nonce: string) => unknown) = {}) {
		const { socket, nonce } = await this.dial();
		const hello = typeof change === 'function' ? change(nonce) : node.hello(nonce, change);
		const answer = await socket.timeout(5_000).emitWithAck('agent:hello', hello);
		return { socket, answer };
	}

	state(node: TestNode) {
		return this.agents.nodes.view(node.id).state;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		for (const socket of this.#sockets) socket.disconnect();
		this.#door?.close();
		await this.#io.close();
		await this.agents[Symbol.asyncDispose]();
		await this.#ledger[Symbol.asyncDispose]();
		await this.#folder[Symbol.asyncDispose]();
	}
}

export const once = <T>(socket: Socket, event: string): Promise<T> =>
	new Promise((resolve) => socket.once(event, resolve));

/** Resolves when the connection has ended. */
export const isGone = (socket: Socket): Promise<void> =>
	socket.disconnected ? Promise.resolve() : once(socket, 'disconnect').then(() => {});

/** A heartbeat and its answer: everything that was sent before has been looked at by then. */
export const beat = (socket: Socket, running: AttemptRef[] = []) =>
	socket.timeout(5_000).emitWithAck('agent:heartbeat', { seq: 1, running, metrics: {} });
