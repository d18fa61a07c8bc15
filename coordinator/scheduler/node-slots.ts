import type { Capabilities } from '../../shared/protocol/node.ts';
import type { SandboxLevel } from '../../shared/protocol/task-type.ts';
import type { ReadyTask } from './ready-task.ts';
import { RecentInputs } from './recent-inputs.ts';

/** A connected node as the scheduler is told of it. */
export interface NodeOffer {
	id: string;
	name: string;
	queues: readonly string[];
	concurrency: number;
	capabilities: Pick<Capabilities, 'cores' | 'memoryBytes' | 'hardware' | 'sandbox' | 'taskTypes' | 'labels'>;
	/** False while it is cordoned, draining or suspect. */
	accepting: boolean;
	/** An administrator's word on what it takes; left out: whatever it can run. */
	policy?: NodePolicy | undefined;
}

/** Which tasks a node takes, of those that it could run. */
export interface NodePolicy {
	/** Names of task types; null: any. */
	taskTypes: readonly string[] | null;
	/** Names of hardware and labels: it is kept for tasks that ask for at least one of them; empty: for any task. */
	reservedFor: readonly string[];
}

/** A running attempt's hold on a slot and on device tokens. */
export interface Lease<T extends ReadyTask = ReadyTask> {
	readonly task: T;
	readonly node: NodeSlots;
	/** When it was begun here. */
	readonly since: number;
	/** Its type was a short one when it was begun. */
	readonly short: boolean;
	/** When it was asked to give its slot back; null if it was not. */
	askedBackAt: number | null;
}

/** From so many slots on a node keeps some of them for short tasks. */
const SLOTS_TO_SHARE = 4;
/** One in so many. */
const SLOTS_A_KEPT_ONE = 8;

/** Slots of a node that only tasks of short types may use, so that light work is never stuck behind heavy work. */
export const keptForShort = (concurrency: number): number =>
	concurrency < SLOTS_TO_SHARE ? 0 : Math.max(1, Math.floor(concurrency / SLOTS_A_KEPT_ONE));

/**
 * One node and the leases on it. What is in use is always worked out from the leases; there is nothing to count down.
 * States: connected (an offer is set) <-> away (only leases are left) -> forgotten when the last lease ends.
 */
export class NodeSlots {
	readonly id: string;
	/** Its bit in every {@link BitSet}. */
	readonly place: number;
	/** Its place in the order of names. */
	rank = 0;
	connected = false;
	name: string;
	accepting = false;
	concurrency = 0;
	queues: ReadonlySet<string> = new Set();
	taskTypes: ReadonlySet<string> = new Set();
	hardware: ReadonlyMap<string, number> = new Map();
	cores = 0;
	memoryBytes = 0;
	sandbox: SandboxLevel = 'none';
	labels: ReadonlyMap<string, string> = new Map();
	policy: NodePolicy | null = null;
	readonly leases = new Set<Lease>();
	readonly inputs = new RecentInputs();
	readonly #deviceLeases = new Set<Lease>();
	readonly #longLeases = new Set<Lease>();

	constructor(id: string, place: number) {
		this.id = id;
		this.place = place;
		this.name = id;
	}

	offer({ name, queues, concurrency, capabilities, accepting, policy }: NodeOffer): void {
		this.connected = true;
		this.name = name;
		this.accepting = accepting;
		this.concurrency = concurrency;
		this.queues = new Set(queues);
		this.taskTypes = new Set(capabilities.taskTypes);
		this.hardware = new Map(Object.entries(capabilities.hardware));
		this.cores = capabilities.cores;
		this.memoryBytes = capabilities.memoryBytes;
		this.sandbox = capabilities.sandbox;
		this.labels = new Map(Object.entries(capabilities.labels));
		this.policy = policy ?? null;
	}

	leave(): void {
		this.connected = false;
		this.accepting = false;
	}

	add(lease: Lease): void {
		this.leases.add(lease);
		if (needsDevices(lease.task)) this.#deviceLeases.add(lease);
		if (!lease.short) this.#longLeases.add(lease);
	}

	delete(lease: Lease): void {
		this.leases.delete(lease);
		this.#deviceLeases.delete(lease);
		this.#longLeases.delete(lease);
	}

	/** Slots that tasks of a short or a long type may use. */
	slotsFor(short: boolean): number {
		return short ? this.concurrency : this.concurrency - keptForShort(this.concurrency);
	}

	/** Whether a task of a short or a long type finds a slot; `without`: as if these leases, which are here, were over. */
	hasSlot(short: boolean, without: readonly Lease[] = NONE): boolean {
		if (this.leases.size - without.length >= this.concurrency) return false;
		if (short) return true;
		let long = this.#longLeases.size;
		for (const lease of without) if (!lease.short) long -= 1;
		return long < this.slotsFor(false);
	}

	/** The leases that hold tokens of this device. */
	holders(device: string): Lease[] {
		return [...this.#deviceLeases].filter(({ task }) => tokens(task, device) > 0);
	}

	/** Tokens of this device that no lease holds; negative if restored leases hold more than the node has now. */
	freeTokens(device: string, without: readonly Lease[] = NONE): number {
		let free = this.hardware.get(device) ?? 0;
		for (const { task } of this.#deviceLeases) free -= tokens(task, device);
		for (const { task } of without) free += tokens(task, device);
		return free;
	}

	/** Share of its slots in use. */
	get load(): number {
		return this.leases.size / this.concurrency;
	}
}

const NONE: readonly Lease[] = [];

const tokens = (task: ReadyTask, device: string): number =>
	Object.hasOwn(task.needs.hardware, device) ? (task.needs.hardware[device] ?? 0) : 0;

const needsDevices = (task: ReadyTask): boolean => {
	for (const _ in task.needs.hardware) return true;
	return false;
};
