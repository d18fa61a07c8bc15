import type { NodeOffer } from '../../coordinator/scheduler/node-slots.ts';
import type { Decision } from '../../coordinator/scheduler/ready-task.ts';
import type { QueueRules } from '../../coordinator/scheduler/scheduler.ts';
import { type ClassRules, plainClass } from '../../coordinator/scheduler/service-class.ts';
import type { WaitingReason } from '../../coordinator/scheduler/waiting-reason.ts';
import { classLimit, paidUntil } from './naive-limits.ts';
import { asRegExp, rankOf } from './naive-routing.ts';
import type { Command, ModelTask } from './scheduler-commands.ts';

const LEVELS = ['none', 'limits', 'strong'];
const AGEING_MS = 5 * 60_000;
const HALF_LIFE_MS = 10 * 60_000;

interface Used {
	used: number;
}
export type NaiveLease = Decision<ModelTask> & { charge: number; short: boolean };

/** The rules written down as slowly and plainly as possible: whole lists, no index. */
export class NaiveScheduler {
	queues: QueueRules[] = [];
	rules = new Map<string, ClassRules>();
	nodes = new Map<string, NodeOffer>();
	queued = new Map<number, ModelTask>();
	leases = new Map<number, NaiveLease>();
	/** Number of the last start out of each queue. */
	turns = new Map<string, number>();
	starts = 0;
	/** What classes, and people in them, have used, written larger as time goes by. */
	used = new Map<string, Used>();
	means = new Map<string, number>();
	/** By lane and class: since when nothing of its band was started in the lane although there was something. */
	since = new Map<string, number>();
	/** Of each task in line the lane and class it stands in. */
	places = new Map<number, string>();
	/** Types whose tasks have turned out to take long. */
	long = new Set<string>();
	/** By class: until when its starts have used up its rate. */
	paid = new Map<string, number>();
	/** Contents that each node was given, oldest first; they are few here. */
	inputs = new Map<string, string[]>();
	epoch: number | null = null;
	now = 0;

	route(routingKey: string): QueueRules | undefined {
		const matching = this.queues.flatMap((queue) =>
			queue.bindingKeys.filter((key) => asRegExp(key).test(`${routingKey}.`)).map((key) => ({ queue, key })),
		);
		matching.sort((a, b) => (rankOf(a.key) + a.queue.name < rankOf(b.key) + b.queue.name ? -1 : 1));
		return matching[0]?.queue;
	}

	running = (id: string): NaiveLease[] => [...this.leases.values()].filter(({ node }) => node === id);
	tokensFree(node: NodeOffer, device: string): number {
		const held = this.running(node.id).map(({ task }) => task.needs.hardware[device] ?? 0);
		return (node.capabilities.hardware[device] ?? 0) - held.reduce((a, b) => a + b, 0);
	}
	serving = (task: ModelTask): NodeOffer[] =>
		[...this.nodes.values()].filter(
			(node) => node.accepting && node.queues.includes(this.route(task.routingKey)!.name),
		);
	meets = ({ needs, type }: ModelTask, { capabilities, policy }: NodeOffer): boolean =>
		capabilities.taskTypes.includes(type) &&
		capabilities.cores >= needs.cores &&
		capabilities.memoryBytes >= needs.memoryBytes &&
		LEVELS.indexOf(capabilities.sandbox) >= LEVELS.indexOf(needs.sandbox) &&
		Object.entries(needs.hardware).every(([name, count]) => (capabilities.hardware[name] ?? 0) >= count) &&
		Object.entries(needs.labels).every(([name, value]) => capabilities.labels[name] === value) &&
		(policy?.taskTypes?.includes(type) ?? true) &&
		(policy === undefined ||
			policy.reservedFor.length === 0 ||
			policy.reservedFor.some((name) => name in needs.hardware || name in needs.labels));
	candidates(task: ModelTask): NodeOffer[] {
		const able = this.serving(task).filter((node) => this.meets(task, node));
		const others = able.filter(({ id }) => id !== task.avoidNode);
		return others.length > 0 ? others : able;
	}
	devicesFree = (task: ModelTask, node: NodeOffer): boolean =>
		Object.entries(task.needs.hardware).every(([name, count]) => this.tokensFree(node, name) >= count);
	hasSlot({ type }: ModelTask, { id, concurrency }: NodeOffer): boolean {
		const running = this.running(id);
		const kept = concurrency < 4 ? 0 : Math.max(1, Math.floor(concurrency / 8));
		const longOnes = running.filter(({ short }) => !short).length;
		return running.length < concurrency && (!this.long.has(type) || longOnes < concurrency - kept);
	}

	classOf = ({ serviceClass }: ModelTask): ClassRules => this.rules.get(serviceClass) ?? plainClass(serviceClass);
	runs = (task: ModelTask, alsoOthers: boolean): number =>
		[...this.leases.values()].filter(
			({ task: other }) => other.serviceClass === task.serviceClass && (alsoOthers || other.owner === task.owner),
		).length;

	rule(task: ModelTask): WaitingReason['rule'] {
		const queue = this.route(task.routingKey);
		if (!queue) return 'no-queue';
		if (queue.paused) return 'queue-paused';
		if (this.serving(task).length === 0) return 'no-node-serves-queue';
		const candidates = this.candidates(task);
		if (candidates.length === 0) return 'no-node-meets-needs';
		const limit = classLimit(this, task);
		if (limit) return limit;
		const { mostRunningOfUser } = this.classOf(task);
		if (mostRunningOfUser !== null && this.runs(task, false) >= mostRunningOfUser) return 'user-cap';
		const tokens = candidates.filter((node) => this.devicesFree(task, node));
		if (tokens.length === 0) return 'hardware-busy';
		return tokens.some((node) => this.hasSlot(task, node)) ? 'next' : 'slots-busy';
	}
	inOrder = (): ModelTask[] =>
		[...this.queued.values()].sort(
			(a, b) => Number(b.boosted) - Number(a.boosted) || b.priority - a.priority || a.order - b.order || a.seq - b.seq,
		);
	bandOf(task: ModelTask): number {
		const { band, idleOnly } = this.classOf(task);
		return task.boosted ? 10 : idleOnly ? -1 : band;
	}

	usedBy(key: string): Used {
		const found = this.used.get(key) ?? { used: 0 };
		this.used.set(key, found);
		return found;
	}
	person = ({ serviceClass, owner }: ModelTask): string => `${serviceClass}/${owner}`;
	written(cost: number): number {
		this.epoch ??= this.now;
		return cost * 2 ** ((this.now - this.epoch) / HALF_LIFE_MS);
	}
	charge(task: ModelTask, written: number): void {
		for (const key of [task.serviceClass, this.person(task)]) {
			const account = this.usedBy(key);
			account.used = Math.max(0, account.used + written);
		}
	}

	/** Whether one of these people's tasks goes before the other's, in one band. */
	goesBefore(a: ModelTask, b: ModelTask): number {
		const byWeight = (task: ModelTask) => this.usedBy(task.serviceClass).used / this.classOf(task).weight;
		const byId = a.serviceClass < b.serviceClass ? -1 : 1;
		if (a.serviceClass !== b.serviceClass) return byWeight(a) - byWeight(b) || byId;
		const used = (task: ModelTask) => this.usedBy(this.person(task)).used;
		if (a.owner !== b.owner) return used(a) - used(b) || a.owner - b.owner;
		const turn = (task: ModelTask): number => this.turns.get(this.route(task.routingKey)!.name) ?? 0;
		return turn(a) - turn(b) || b.priority - a.priority || a.order - b.order || a.seq - b.seq;
	}

	next(): ModelTask | undefined {
		const eligible = [...this.queued.values()].filter((task) => this.rule(task) === 'next');
		const busy = eligible.filter((task) => this.bandOf(task) >= 0);
		if (busy.length === 0) return eligible.sort((a, b) => this.goesBefore(a, b))[0];
		const top = Math.max(...busy.map((task) => this.bandOf(task)));
		const since = (task: ModelTask) => this.since.get(this.places.get(task.seq)!)!;
		const aged = (task: ModelTask) => this.bandOf(task) + Math.floor((this.now - since(task)) / AGEING_MS);
		const overdue = busy.filter((task) => this.bandOf(task) < top && aged(task) > top);
		if (overdue.length > 0) {
			return overdue.sort((a, b) => aged(b) - aged(a) || since(a) - since(b) || this.goesBefore(a, b))[0];
		}
		return busy.filter((task) => this.bandOf(task) === top).sort((a, b) => this.goesBefore(a, b))[0];
	}

	lane({ routingKey, type, needs, avoidNode }: ModelTask): string {
		const devices = Object.entries(needs.hardware).sort();
		return JSON.stringify([
			this.route(routingKey)?.name,
			type,
			needs.cores,
			needs.memoryBytes,
			needs.sandbox,
			Object.entries(needs.labels).sort(),
			devices,
			avoidNode,
		]);
	}
	stand(task: ModelTask): void {
		const place = `${this.lane(task)} ${task.serviceClass}${task.boosted ? ' boosted' : ''}`;
		if (!this.since.has(place)) this.since.set(place, this.now);
		this.places.set(task.seq, place);
	}
	leave(seq: number): void {
		const place = this.places.get(seq)!;
		this.places.delete(seq);
		if (![...this.places.values()].includes(place)) this.since.delete(place);
	}
	forgetIfIdle(task: ModelTask): void {
		const mine = (other: ModelTask) => this.person(other) === this.person(task);
		if ([...this.queued.values()].some(mine) || this.runs(task, false) > 0) return;
		const account = this.usedBy(this.person(task));
		if (this.epoch !== null && account.used / 2 ** ((this.now - this.epoch) / HALF_LIFE_MS) <= 1) account.used = 0;
	}

	/** A node that is away and holds nothing is forgotten with what it was given. */
	forgetIfGone(id: string): void {
		if (!this.nodes.has(id) && this.running(id).length === 0) this.inputs.delete(id);
	}

	lease(task: ModelTask, node: string): Decision<ModelTask> {
		const charge = this.written(Math.max(1, this.means.get(task.type) ?? 1_000));
		this.leases.set(task.seq, { task, node, charge, short: !this.long.has(task.type) });
		const had = this.inputs.get(node) ?? [];
		this.inputs.set(node, [...had.filter((key) => !task.inputs.includes(key)), ...task.inputs]);
		this.charge(task, charge);
		return { task, node };
	}
	/** Where a rate is another from now on, what was owed under the old one is forgiven. */
	forgiveRates(classes: readonly ClassRules[]): void {
		for (const id of this.paid.keys()) {
			const rate = JSON.stringify(classes.find((one) => one.id === id)?.starts ?? null);
			if (rate !== JSON.stringify(this.rules.get(id)?.starts ?? null)) this.paid.delete(id);
		}
	}
	learn(type: string, cost: number): void {
		const mean = this.means.get(type);
		const now = mean === undefined ? cost : mean + (cost - mean) * 0.1;
		this.means.set(type, now);
		if (now <= 2_000) this.long.delete(type);
		else if (mean === undefined || now > 3_000) this.long.add(type);
	}
	release(seq: number, cost: number | null): void {
		const lease = this.leases.get(seq);
		if (!lease) return;
		const { task, charge } = lease;
		this.leases.delete(seq);
		if (cost !== null) this.learn(task.type, cost);
		this.forgetIfGone(lease.node);
		this.charge(task, (cost === null ? 0 : this.written(Math.max(1, cost))) - charge);
		this.forgetIfIdle(task);
	}

	pick(limit: number): Decision<ModelTask>[] {
		const decisions: Decision<ModelTask>[] = [];
		while (decisions.length < limit) {
			const task = this.next();
			if (!task) break;
			this.turns.set(this.route(task.routingKey)!.name, ++this.starts);
			const room = this.candidates(task).filter((node) => this.hasSlot(task, node) && this.devicesFree(task, node));
			const load = ({ id, concurrency }: NodeOffer): number => this.running(id).length / concurrency;
			const has = ({ id }: NodeOffer): number => task.inputs.filter((key) => this.inputs.get(id)?.includes(key)).length;
			room.sort((a, b) => has(b) - has(a) || load(a) - load(b) || (a.name < b.name ? -1 : 1));
			for (const other of this.queued.values()) {
				if (this.lane(other) === this.lane(task) && this.bandOf(other) === this.bandOf(task))
					this.since.set(this.places.get(other.seq)!, this.now);
			}
			this.paid.set(task.serviceClass, paidUntil(this, task));
			decisions.push(this.lease(task, room[0]!.id));
			this.queued.delete(task.seq);
			this.leave(task.seq);
		}
		return decisions;
	}

	run(command: Command): unknown {
		this.now += command.after;
		switch (command.do) {
			case 'setQueues': {
				const before = new Map([...this.queued.values()].map((task) => [task.seq, this.route(task.routingKey)?.name]));
				this.queues = command.queues;
				for (const name of this.turns.keys())
					if (!this.queues.some((queue) => queue.name === name)) this.turns.delete(name);
				for (const task of this.queued.values()) {
					if (before.get(task.seq) === this.route(task.routingKey)?.name) continue;
					this.leave(task.seq);
					this.stand(task);
				}
				return;
			}
			case 'setClasses':
				this.forgiveRates(command.classes);
				this.rules = new Map(command.classes.map((one) => [one.id, one]));
				return;
			case 'learnCosts':
				for (const { type, cost } of command.costs) this.learn(type, cost);
				return;
			case 'setNode':
				this.nodes.set(command.node.id, command.node);
				return;
			case 'removeNode':
				this.nodes.delete(command.id);
				this.forgetIfGone(command.id);
				return;
			case 'enqueue':
				if (this.leases.has(command.task.seq) || this.queued.has(command.task.seq)) return false;
				this.queued.set(command.task.seq, command.task);
				this.stand(command.task);
				return true;
			case 'remove': {
				if (!this.queued.delete(command.seq)) return false;
				this.leave(command.seq);
				return true;
			}
			case 'restoreLease':
				this.run({ do: 'remove', seq: command.task.seq, after: 0 });
				this.release(command.task.seq, null);
				this.lease(command.task, command.node);
				return;
			case 'release':
				this.release(command.seq, command.cost);
				return;
			case 'pick':
				return this.pick(command.limit);
		}
	}
}
