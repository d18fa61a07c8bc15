import type { Socket } from 'socket.io';
import {
	type Assignment,
	type CancelOrder,
	type HelloAnswer,
	logSchema,
	progressSchema,
} from '../../../shared/protocol/agent-link.ts';
import { nodeMetricsSchema } from '../../../shared/protocol/node.ts';
import { PROTOCOL_VERSION } from '../../../shared/protocol/version.ts';
import { TokenBucket } from '../../../shared/token-bucket.ts';
import type { Agents } from '../../agents/agents.ts';
import { Challenge } from '../../agents/challenges.ts';
import type { NodeLink } from '../../agents/node-record.ts';
import type { TaskQueue } from '../../queue/task-queue.ts';
import type { Logger } from '../../report/logger.ts';
import { bufferedBytes, terminate } from '../sockets/send-buffer.ts';
import { type DoorLimits, WEIGHTS } from './door-limits.ts';
import { FaultLog } from './fault-log.ts';
import { Outbox } from './outbox.ts';
import { readHello } from './read-hello.ts';
import { readHeartbeat, readStarted } from './read-messages.ts';
import { SendWatch } from './send-watch.ts';
import { SettleDesk } from './settle-desk.ts';

/** What of the queue this door needs. */
export type DoorQueue = Pick<TaskQueue, 'started' | 'progress' | 'log' | 'settle'>;

export interface ConnectionParts {
	agents: Pick<Agents, 'links'>;
	queue: DoorQueue;
	logger: Logger;
	leaseMs: number;
	heartbeatMs: number;
	limits: DoorLimits;
	/** The node has this connection now. */
	onReady(connection: AgentConnection, node: string): void;
	onClosed(connection: AgentConnection, node: string): void;
}

/** A peer that refuses to close is not waited for. */
const CLOSE_WITHIN_MS = 1_000;

/**
 * One agent's socket. States: `greeting` (challenged, not known yet) -> `ready` (the node's one link) -> `closed`; a
 * refusal or a fault leads from either to `closed`. Nothing that comes in is believed before it has been looked at.
 */
export class AgentConnection implements NodeLink {
	readonly address: string;
	readonly #socket: Socket;
	readonly #parts: ConnectionParts;
	readonly #challenge = new Challenge();
	readonly #bucket: TokenBucket;
	readonly #faults: FaultLog;
	readonly #outbox: Outbox;
	readonly #sendWatch: SendWatch;
	readonly #settleDesk: SettleDesk;
	readonly #greetingTimer: NodeJS.Timeout;
	#state: 'greeting' | 'ready' | 'closed' = 'greeting';
	/** As claimed until `ready`, as proven from then on. */
	#node = '';
	/** When the last message came; `performance.now()`. */
	#heardAt = performance.now();

	constructor(socket: Socket, address: string, parts: ConnectionParts) {
		this.#socket = socket;
		this.#parts = parts;
		this.address = address;
		const { limits, logger, queue } = parts;
		this.#bucket = new TokenBucket({ perSecond: limits.weightPerSecond, burst: limits.weightBurst }, () =>
			performance.now(),
		);
		this.#faults = new FaultLog(logger);
		this.#outbox = new Outbox((event, message) => void this.#socket.emit(event, message));
		this.#sendWatch = new SendWatch(limits);
		this.#settleDesk = new SettleDesk({
			queue,
			isSealed: (items, seal) => parts.agents.links.isSealed(this.#node, this, items, seal),
			logger,
			mostUnanswered: limits.mostUnansweredSettles,
			onFault: (kind, count) => this.#fault(`task:settle ${kind}`, WEIGHTS[kind] * count),
		});
		this.#greetingTimer = setTimeout(() => this.close('it did not say who it is in time'), limits.helloWithinMs);
		socket.onAny((event: string, message: unknown, answer: unknown) => this.#hear(event, message, answer));
		// Also an event that the peer may send, with whatever it likes.
		socket.on('error', () => this.close('its socket failed'));
		socket.on('disconnect', () => this.#end());
		socket.emit('agent:challenge', { nonce: this.#challenge.nonce, protocol: PROTOCOL_VERSION });
	}

	assign(tasks: readonly Assignment[]): void {
		if (this.#state === 'ready') this.#outbox.assign(tasks);
	}

	cancel(order: CancelOrder): void {
		if (this.#state === 'ready') this.#outbox.cancel(order);
	}

	drain(): void {
		if (this.#state !== 'ready') return;
		// An agent with nothing to do would be gone before it hears of what it was given just before.
		this.#outbox.flush();
		this.#socket.emit('agent:drain', {});
	}

	configure(concurrency: number): void {
		if (this.#state === 'ready') this.#socket.emit('agent:configure', { concurrency });
	}

	close(reason: string): void {
		if (this.#state === 'closed') return;
		this.#parts.logger.info({ ...this.#who, reason }, 'cutting the link of an agent');
		this.#end();
		terminate(this.#socket.conn);
	}

	/** Looks whether the agent is heard of and takes in what it is sent; called now and then. */
	check(now: number): void {
		if (this.#state !== 'ready') return;
		// Its leases have run out by now: on a link that died in silence it would only be given more work to lose.
		if (now - this.#heardAt > this.#parts.leaseMs) this.close('nothing is heard of it');
		else if (this.#sendWatch.look(bufferedBytes(this.#socket.conn), now))
			this.close('it does not take in what it is sent');
		else this.#parts.agents.links.setStalled(this.#node, this, this.#sendWatch.isStalled);
	}

	get #who(): { node: string; address: string } {
		return { node: this.#node, address: this.address };
	}

	#hear(event: string, message: unknown, answer: unknown): void {
		if (this.#state === 'closed') return;
		this.#heardAt = performance.now();
		try {
			if (!this.#bucket.take(WEIGHTS.message)) this.#flooded();
			else if (this.#state === 'greeting') this.#hello(event, message, answer);
			else this.#handle(event, message, answer);
		} catch (error) {
			this.#parts.logger.error({ err: error, ...this.#who }, 'a message of an agent could not be handled');
			this.close('a message could not be handled');
		}
	}

	#handle(event: string, message: unknown, answer: unknown): void {
		switch (event) {
			case 'agent:heartbeat':
				this.#heartbeat(message, answer);
				break;
			case 'agent:metrics':
				this.#metrics(message);
				break;
			case 'task:started':
				this.#started(message);
				break;
			case 'task:progress':
				this.#progress(message);
				break;
			case 'task:log':
				this.#log(message);
				break;
			case 'task:settle':
				this.#settleDesk.settle(this.#node, message, answer);
				break;
			case 'agent:draining':
				this.#parts.agents.links.leaving(this.#node, this);
				// What it was given before is to reach it before this, or it would be gone by then.
				this.#outbox.flush();
				if (typeof answer === 'function') answer();
				break;
			default:
				this.#malformed('unknown event');
		}
	}

	#hello(event: string, message: unknown, answer: unknown): void {
		const exchange = this.#challenge.take();
		if (event !== 'agent:hello' || typeof answer !== 'function' || exchange === null) {
			this.close('it spoke before it said who it is');
			return;
		}
		const reply = answer as (answer: HelloAnswer) => void;
		const read = readHello(message);
		if (read.ok) this.#node = read.hello.node;
		const greeting = read.ok ? this.#parts.agents.links.connect(read.hello, exchange, this) : read;
		if (!read.ok || !greeting.ok) {
			const { code, message: why } = greeting as Extract<typeof greeting, { ok: false }>;
			this.#parts.logger.warn({ address: this.address, code, why }, 'an agent was refused');
			reply({ ok: false, code, message: why });
			this.#leave();
			return;
		}
		clearTimeout(this.#greetingTimer);
		this.#state = 'ready';
		this.#parts.onReady(this, this.#node);
		const { leaseMs, heartbeatMs } = this.#parts;
		reply({ ok: true, coordinatorTime: Date.now(), leaseMs, heartbeatMs, void: greeting.void });
		if (greeting.orders.configure !== null) this.configure(greeting.orders.configure);
		if (greeting.orders.drain) this.drain();
	}

	#heartbeat(message: unknown, answer: unknown): void {
		const beat = readHeartbeat(message);
		const metrics = nodeMetricsSchema.safeParse(beat?.metrics);
		if (!beat || !metrics.success || typeof answer !== 'function') {
			this.#malformed('agent:heartbeat');
			return;
		}
		if (!this.#bucket.take(WEIGHTS.heartbeat)) this.#flooded();
		const { agents, leaseMs } = this.#parts;
		const stale = agents.links.heartbeat(this.#node, this, beat.running, metrics.data);
		if (stale) answer({ seq: beat.seq, leaseMs, void: stale });
	}

	#metrics(message: unknown): void {
		const metrics = nodeMetricsSchema.safeParse(message);
		if (!metrics.success) this.#malformed('agent:metrics');
		else if (this.#bucket.take(WEIGHTS.metrics)) this.#parts.agents.links.measured(this.#node, this, metrics.data);
		else this.#flooded();
	}

	#started(message: unknown): void {
		const refs = readStarted(message);
		if (refs) this.#parts.queue.started(this.#node, refs);
		else this.#malformed('task:started');
	}

	#progress(message: unknown): void {
		const progress = progressSchema.safeParse(message);
		if (progress.success) this.#parts.queue.progress(this.#node, progress.data.items);
		else this.#malformed('task:progress');
	}

	#log(message: unknown): void {
		const log = logSchema.safeParse(message);
		if (!log.success) this.#malformed('task:log');
		else if (this.#bucket.take(WEIGHTS.log)) this.#parts.queue.log(this.#node, log.data.items);
		else this.#flooded();
	}

	#malformed(event: string): void {
		this.#fault(event, WEIGHTS.malformed);
	}

	#fault(kind: string, weight: number): void {
		this.#faults.note(kind, this.#who);
		this.#parts.agents.links.ignored += 1;
		// Never more than a part of the burst for one message: what was answered to it must reach the agent.
		if (!this.#bucket.take(Math.min(weight, this.#parts.limits.weightBurst / 4))) this.#flooded();
	}

	#flooded(): void {
		this.close('it sends too much');
	}

	/** Closes so that what was sent still arrives. */
	#leave(): void {
		this.#end();
		this.#socket.disconnect(true);
	}

	#end(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		clearTimeout(this.#greetingTimer);
		this.#outbox.clear();
		this.#faults.flush(this.#who);
		this.#parts.agents.links.disconnect(this.#node, this);
		this.#parts.onClosed(this, this.#node);
		// Whoever has left the namespace, or never finishes closing, does not keep the connection either.
		setTimeout(() => terminate(this.#socket.conn), CLOSE_WITHIN_MS).unref();
	}
}
