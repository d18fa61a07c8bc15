import { CodedError } from '../../shared/coded-error.ts';
import { idSchema } from '../../shared/protocol/ids.ts';
import type { NodeMetrics, NodeState, NodeView } from '../../shared/protocol/node.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Announcer } from '../report/announcer.ts';
import type { NodeEvents } from './node-events.ts';
import type { NodeQueue } from './node-queue.ts';
import { concurrencyOf, type NodeRecord, newRecord, offerOf, stateOf, viewOf } from './node-record.ts';
import { type NodeRow, readNodes } from './node-store.ts';

/** How often it is looked whether nodes run more or less than was announced, how they are doing, and whether they said what cannot be. */
const RUNNING_EVERY_MS = 1_000;

/** How a connected node is doing, and when it said so. */
export interface MeasuredNode {
	id: string;
	name: string;
	running: number;
	slots: number;
	metrics: NodeMetrics;
	at: number;
}

/** Nodes whose measures go out in one message. */
const MEASURED_AT_ONCE = 500;

/** All nodes that ever joined, as they are now. Who changes one says so here; then the scheduler and the watchers know. */
export class NodeRegistry {
	readonly #records = new Map<string, NodeRecord>();
	readonly #queue: NodeQueue;
	readonly #announcer: Announcer<NodeEvents>;
	readonly #timer: NodeJS.Timeout;
	/** Ids in order, made when asked for. */
	#ids: string[] | null = null;
	#measuredTold = 0;

	private constructor(options: { queue: NodeQueue; announcer: Announcer<NodeEvents> }) {
		this.#queue = options.queue;
		this.#announcer = options.announcer;
		this.#timer = setInterval(() => {
			this.#announceRunning();
			this.#announceMeasured();
		}, RUNNING_EVERY_MS);
		this.#timer.unref();
	}

	static async load(options: {
		ledger: Ledger;
		queue: NodeQueue;
		announcer: Announcer<NodeEvents>;
	}): Promise<NodeRegistry> {
		const registry = new NodeRegistry(options);
		for (const row of await options.ledger.read(readNodes, null)) registry.#records.set(row.id, newRecord(row));
		return registry;
	}

	/** A node has joined. Joining again changes nothing. */
	add(row: NodeRow): void {
		if (this.#records.has(row.id)) return;
		const record = newRecord(row);
		this.#records.set(row.id, record);
		this.#ids = null;
		this.#announce(record);
	}

	find(id: string): NodeRecord | undefined {
		return this.#records.get(id);
	}

	/** Throws `not-found`, also of one that was forgotten. */
	get(id: string): NodeRecord {
		const record = this.#records.get(id);
		if (!record || record.row.forgottenAt !== null) throw new CodedError('not-found', `There is no node ${id}.`);
		return record;
	}

	/** How many nodes are in each state, for metrics. */
	countByState(): Record<string, number> {
		const counts: Record<string, number> = {};
		for (const record of this.#listed()) {
			const state = stateOf(record);
			counts[state] = (counts[state] ?? 0) + 1;
		}
		return counts;
	}

	/** What people call the node; its id once it is unknown. */
	nameOf(id: string): string {
		return this.#records.get(id)?.row.name ?? id;
	}

	/** Whether the node may fetch and hand over content. */
	isTrusted(id: string): boolean {
		return this.#records.get(id)?.row.revokedAt === null;
	}

	/** Connected nodes with these names that get no work for what was said of them, as they are seen. */
	resting(names: readonly string[]): NodeView[] {
		const wanted = new Set(names);
		const isResting = (record: NodeRecord) =>
			wanted.has(record.row.name) && ['cordoned', 'draining', 'suspect'].includes(stateOf(record));
		const ids = [...this.#records].filter(([, record]) => isResting(record)).map(([id]) => id);
		return ids.map((id) => this.view(id)).sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
	}

	view(id: string): NodeView {
		return viewOf(this.get(id), this.#queue.slotsInUse(id), this.#queue.workOn(id));
	}

	/** One page in the order of joining. Throws `bad-cursor`. */
	list(page: { cursor?: string | undefined; limit: number }): { items: NodeView[]; nextCursor: string | null } {
		const { cursor, limit } = page;
		if (cursor !== undefined && !idSchema('node').safeParse(cursor).success) throw new CodedError('bad-cursor');
		this.#ids ??= Array.from(this.#listed(), ({ row }) => row.id).sort();
		const start = cursor === undefined ? 0 : this.#ids.findIndex((id) => id > cursor);
		const ids = start < 0 ? [] : this.#ids.slice(start, start + limit);
		const last = ids.at(-1);
		const isMore = last !== undefined && last !== this.#ids.at(-1);
		return { items: ids.map((id) => this.view(id)), nextCursor: isMore ? last : null };
	}

	/** Something about the node is other than it was. */
	changed(record: NodeRecord): void {
		if (record.link) this.#queue.changeNode(offerOf(record));
		this.#announce(record);
	}

	/** Takes what administrators decide from a row just written; what the connection decides stays. */
	steered(row: NodeRow): NodeRecord {
		const record = this.get(row.id);
		const { capabilities, queues, concurrency, lastSeenAt } = record.row;
		record.row = { ...row, capabilities, queues, concurrency, lastSeenAt };
		if (row.forgottenAt !== null) this.#ids = null;
		this.changed(record);
		return record;
	}

	/** All but those that were forgotten. */
	*#listed(): Generator<NodeRecord> {
		for (const record of this.#records.values()) if (record.row.forgottenAt === null) yield record;
	}

	/** Without telling the scheduler, who knows already. */
	#announce(record: NodeRecord): void {
		record.revision += 1;
		record.announcedRunning = this.#queue.slotsInUse(record.row.id);
		record.announcedFaults = record.faults;
		const { revision, announcedRunning: running } = record;
		this.#announcer.announce('node:changed', { id: record.row.id, revision, state: stateOf(record), running });
	}

	#announceRunning(): void {
		for (const record of this.#records.values()) {
			const runsOther = record.announcedRunning !== this.#queue.slotsInUse(record.row.id);
			if (runsOther || record.announcedFaults !== record.faults) this.#announce(record);
		}
	}

	/** Who is there and who is not, and how far each clock is from ours. */
	*presence(): Generator<{
		name: string;
		state: NodeState;
		lastSeenAt: number | null;
		isDrained: boolean;
		clockSkewMs: number | null;
	}> {
		for (const record of this.#listed()) {
			const { name, lastSeenAt, drainedAt } = record.row;
			const clockSkewMs = record.link === null ? null : record.clockSkew.ms;
			yield { name, state: stateOf(record), lastSeenAt, isDrained: drainedAt !== null, clockSkewMs };
		}
	}

	/** The nodes that have said how they are doing lately, with when. */
	*measured(): Generator<MeasuredNode> {
		for (const { row, link, metrics, measuredAt: at } of this.#records.values()) {
			if (link === null || metrics === null) continue;
			const { id, name } = row;
			yield { id, name, running: this.#queue.slotsInUse(id), slots: concurrencyOf(row), metrics, at };
		}
	}

	#announceMeasured(): void {
		const since = this.#measuredTold;
		this.#measuredTold = Date.now();
		if (!this.#announcer.hasListeners('node:measured')) return;
		const fresh = [...this.measured()].filter(({ at }) => at >= since);
		for (let part = 0; part * MEASURED_AT_ONCE < fresh.length; part += 1) {
			const nodes = fresh
				.slice(part * MEASURED_AT_ONCE, (part + 1) * MEASURED_AT_ONCE)
				.map(({ id, running, metrics }) => ({ id, running, work: this.#queue.workOn(id), metrics }));
			this.#announcer.announce('node:measured', { at: this.#measuredTold, part, nodes });
		}
	}

	close(): void {
		clearInterval(this.#timer);
	}
}
