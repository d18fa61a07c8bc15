import type { Namespace, Server } from 'socket.io';
import type { Assignment, CancelOrder } from '../../../shared/protocol/agent-link.ts';
import { ClientAddresses } from '../../accounts/client-address.ts';
import { clientNetwork } from '../../accounts/client-network.ts';
import type { Agents } from '../../agents/agents.ts';
import type { Logger } from '../../report/logger.ts';
import { terminate } from '../sockets/send-buffer.ts';
import { AgentConnection, type ConnectionParts, type DoorQueue } from './agent-connection.ts';
import { DOOR_LIMITS, type DoorLimits } from './door-limits.ts';
import { Strangers } from './strangers.ts';

const CHECK_MS = 500;

export interface AgentsDoorOptions {
	/** Shared with the other doors; this one has the namespace `/agents`. */
	io: Server;
	agents: Pick<Agents, 'links'>;
	queue: DoorQueue;
	logger: Logger;
	leaseMs: number;
	heartbeatMs: number;
	trustedProxies: readonly string[];
	limits?: Partial<DoorLimits>;
}

/** The door for agents: socket.io at `/agents`. Agents call in; work is pushed to them, and bytes never travel here. */
export class AgentsDoor {
	readonly #namespace: Namespace;
	readonly #logger: Logger;
	readonly #strangers: Strangers<AgentConnection>;
	readonly #connections = new Set<AgentConnection>();
	readonly #ofNode = new Map<string, AgentConnection>();
	readonly #timer: NodeJS.Timeout;
	#isClosed = false;

	constructor(options: AgentsDoorOptions) {
		this.#logger = options.logger;
		const limits = { ...DOOR_LIMITS, ...options.limits };
		const { agents, queue, logger, leaseMs, heartbeatMs } = options;
		const addresses = new ClientAddresses(options.trustedProxies);
		this.#strangers = new Strangers({ mostOfNetwork: limits.mostStrangersOfNetwork, most: limits.mostStrangers });
		const parts: ConnectionParts = {
			agents,
			queue,
			logger,
			leaseMs,
			heartbeatMs,
			limits,
			onReady: (connection, node) => {
				this.#strangers.delete(connection);
				this.#ofNode.set(node, connection);
			},
			onClosed: (connection, node) => this.#forget(connection, node),
		};
		this.#namespace = options.io.of('/agents');
		this.#namespace.on('connection', (socket) => {
			if (this.#isClosed) {
				terminate(socket.conn);
				return;
			}
			const address = addresses.of(socket.request);
			const connection = new AgentConnection(socket, address, parts);
			this.#connections.add(connection);
			this.#strangers.add(connection, clientNetwork(address))?.close('too many have not said who they are');
		});
		this.#timer = setInterval(() => this.#check(), CHECK_MS);
		this.#timer.unref();
	}

	/** Agents that are connected and known. */
	get size(): number {
		return this.#ofNode.size;
	}

	/** Sends work; lost without a trace when the node has just gone, since its leases run out. */
	assign(node: string, tasks: readonly Assignment[]): void {
		const connection = this.#ofNode.get(node);
		if (connection) connection.assign(tasks);
		else this.#logger.debug({ node, tasks: tasks.length }, 'work for a node without a link');
	}

	cancel(node: string, order: CancelOrder): void {
		this.#ofNode.get(node)?.cancel(order);
	}

	/** Cuts all agents; they come back when there is a coordinator again. */
	close(): void {
		this.#isClosed = true;
		clearInterval(this.#timer);
		for (const connection of [...this.#connections]) connection.close('the coordinator is shutting down');
	}

	#forget(connection: AgentConnection, node: string): void {
		this.#connections.delete(connection);
		this.#strangers.delete(connection);
		if (this.#ofNode.get(node) === connection) this.#ofNode.delete(node);
	}

	#check(): void {
		const now = performance.now();
		for (const connection of this.#ofNode.values()) connection.check(now);
	}
}
