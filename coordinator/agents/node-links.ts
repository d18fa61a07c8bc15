import type { LinkKeyExchange } from '../../shared/link-key/link-key.ts';
import type { Hello } from '../../shared/protocol/agent-link.ts';
import type { ErrorCode } from '../../shared/protocol/errors.ts';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { settlePayload } from '../../shared/protocol/settle-payload.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import { isSignedBy } from './challenges.ts';
import type { NodeFaults } from './node-faults.ts';
import type { NodeQueue } from './node-queue.ts';
import { concurrencyOf, type NodeLink, type NodeRecord, offerOf, servedQueues } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { NodeSteering } from './node-steering.ts';
import { saveDeclared } from './node-store.ts';
import type { SeenWriter } from './seen-writer.ts';

type AttemptRefs = Hello['running'];

export interface Refusal {
	ok: false;
	code: ErrorCode;
	message: string;
}
export type Greeting =
	| {
			ok: true;
			void: AttemptRefs;
			/** What the agent must be told next, in this order: it still has another concurrency; it is to drain. */
			orders: { configure: number | null; drain: boolean };
	  }
	| Refusal;

const refused = (code: ErrorCode, message: string): Refusal => ({ ok: false, code, message });

/**
 * Which node has which connection. A node has one at most: the newest wins, and the one before is closed before the new
 * one counts, so that nothing of it is heard any more.
 */
export class NodeLinks {
	/** Messages of agents that could not be understood, or parts of them, since the start. */
	ignored = 0;
	readonly #registry: NodeRegistry;
	readonly #steering: NodeSteering;
	readonly #queue: NodeQueue;
	readonly #seen: SeenWriter;
	readonly #ledger: Ledger;
	readonly #faults: NodeFaults;
	readonly #logger: Logger;

	constructor(options: {
		registry: NodeRegistry;
		steering: NodeSteering;
		queue: NodeQueue;
		seen: SeenWriter;
		ledger: Ledger;
		faults: NodeFaults;
		logger: Logger;
	}) {
		this.#registry = options.registry;
		this.#steering = options.steering;
		this.#queue = options.queue;
		this.#seen = options.seen;
		this.#ledger = options.ledger;
		this.#faults = options.faults;
		this.#logger = options.logger;
	}

	/** Takes a node in that signed the challenge; from then on it has this connection and no other. */
	connect(hello: Hello, exchange: LinkKeyExchange, link: NodeLink): Greeting {
		if (hello.protocol.major !== PROTOCOL_VERSION.major) return wrongVersion(hello.protocol.major);
		const record = this.#registry.find(hello.node);
		if (!record) return refused('node-unknown', `This coordinator does not know the node ${hello.node}.`);
		const linkKey = isSignedBy(record.row.publicKey, exchange.publicKey, hello) ? exchange.agree(hello.linkKey) : null;
		if (!linkKey) {
			this.#logger.warn({ node: record.row.name, address: link.address }, 'a hello was not signed by the node’s key');
			return refused('bad-signature', 'The signature does not fit the node’s key.');
		}
		if (record.row.revokedAt !== null) return refused('node-revoked', `The node ${record.row.name} was revoked.`);
		const before = record.link;
		if (before) {
			const { name } = record.row;
			this.#logger.warn({ node: name, address: link.address }, 'a node has connected anew: its old link is cut');
			// First out of the record, so that its end is not taken for the node's.
			record.link = null;
			before.close('the node has connected anew');
		}
		this.#takeIn(record, hello, link);
		record.linkKey = linkKey;
		const stale = this.#queue.connectNode(offerOf(record), hello.running);
		this.#registry.changed(record);
		const wanted = concurrencyOf(record.row);
		const configure = wanted === hello.concurrency ? null : wanted;
		return { ok: true, void: stale, orders: { configure, drain: record.row.drainingAt !== null } };
	}

	/** Renews what the node runs; answers what is no longer its own. Null from a connection that is not the node's. */
	heartbeat(id: string, link: NodeLink, running: AttemptRefs, metrics: NodeMetrics): AttemptRefs | null {
		const record = this.#held(id, link);
		if (!record) return null;
		this.measured(id, link, metrics);
		this.#seen.note(record);
		return this.#queue.heartbeat(id, running);
	}

	/** How the machine is doing now. */
	measured(id: string, link: NodeLink, metrics: NodeMetrics): void {
		const record = this.#held(id, link);
		if (!record) return;
		const { clock, ...rest } = metrics;
		record.metrics = rest;
		record.measuredAt = Date.now();
		if (clock !== undefined) record.clockSkew.heard(clock, record.measuredAt);
	}

	/** Whether these settlements are sealed with the link's key. If not, that is noted with the node, and nothing of them counts. */
	isSealed(id: string, link: NodeLink, items: readonly unknown[], seal: unknown): boolean {
		const record = this.#held(id, link);
		if (!record) return false;
		if (record.linkKey?.fits(settlePayload(id, items), seal)) return true;
		const why = seal === undefined ? 'settlements without a seal' : 'settlements with a seal that does not fit';
		this.#faults.badSeal(id, why);
		return false;
	}

	/** The agent has said that it takes no more work and leaves when it is done. */
	leaving(id: string, link: NodeLink): void {
		const record = this.#held(id, link);
		if (!record || record.leaving) return;
		record.leaving = true;
		this.#registry.changed(record);
	}

	/** Whether the connection takes in what it is sent. */
	setStalled(id: string, link: NodeLink, stalled: boolean): void {
		const record = this.#held(id, link);
		if (!record || record.stalled === stalled) return;
		record.stalled = stalled;
		this.#registry.changed(record);
	}

	/** The connection is gone. That of a node that has another one by now does not matter. */
	disconnect(id: string, link: NodeLink): void {
		const record = this.#held(id, link);
		if (!record) return;
		const isDone = record.row.drainingAt !== null && this.#queue.runningOn(id) === 0;
		record.link = null;
		record.linkKey = null;
		record.leaving = false;
		record.stalled = false;
		record.metrics = null;
		// At once, since the node may be back before it is written.
		if (isDone) {
			const { steerUntil, cordonedAt } = record.row;
			const now = Date.now();
			const isAway = steerUntil !== null && steerUntil > now;
			const drained = { drainingAt: null, drainedAt: now, cordonedAt: cordonedAt ?? (isAway ? now : null) };
			record.row = { ...record.row, ...drained };
		}
		this.#queue.disconnectNode(id);
		this.#seen.note(record);
		this.#registry.changed(record);
		if (isDone) void this.#steering.drained(id);
	}

	#held(id: string, link: NodeLink): NodeRecord | null {
		const record = this.#registry.find(id);
		return record?.link === link ? record : null;
	}

	#takeIn(record: NodeRecord, hello: Hello, link: NodeLink): void {
		const { capabilities, concurrency } = hello;
		const queues = [...new Set(hello.queues)];
		record.link = link;
		record.leaving = hello.draining === true;
		record.stalled = false;
		record.metrics = null;
		const now = Date.now();
		record.row = { ...record.row, capabilities, queues, concurrency, lastSeenAt: now, drainedAt: null };
		const { name, id } = record.row;
		const served = servedQueues(record.row);
		if (served.length < queues.length) {
			this.#logger.warn(
				{ node: name, declared: queues, served },
				'a node declares queues that its token did not allow',
			);
		}
		// For people's eyes while the node is away; the next hello says it again.
		this.#ledger.write(saveDeclared, { id, capabilities, queues, concurrency, now }).catch((error: unknown) => {
			this.#logger.warn({ err: error, node: name }, 'what a node declares could not be written');
		});
	}
}

/** A coordinator takes agents of its own major version only. */
export const wrongVersion = (major: number): Refusal =>
	refused(
		'protocol-version',
		`This coordinator speaks protocol ${PROTOCOL_VERSION.major}, the agent ${String(major).slice(0, 20)}.`,
	);
