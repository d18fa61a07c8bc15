import { CONFIDENCE, type Range } from './calibration.ts';
import type { Fleet } from './fleet.ts';
import { type Estimate, StartForecasts } from './forecasts.ts';
import type { QueueLanes } from './lane.ts';
import type { LaneTable } from './lane-table.ts';
import { Line } from './line.ts';
import type { Demands } from './needs.ts';
import type { Wanted } from './placement-rules.ts';
import { type NodePlacement, placementTable } from './placement-table.ts';
import { aheadOf } from './queue-position.ts';
import type { Queued } from './ready-order.ts';
import type { ReadyTask } from './ready-task.ts';
import { IDLE_ONLY } from './service-class.ts';
import type { Shares } from './shares.ts';
import { Stand } from './stand.ts';
import { standingOf } from './standing.ts';
import { middleOf, type TypeCosts } from './type-costs.ts';
import { estimateWait } from './wait-estimate.ts';
import {
	lastingReasons,
	type Obstacle,
	type Waiting,
	type WaitingReason,
	waitingReason,
	waitingReasons,
} from './waiting-reason.ts';

/** What is to be placed, wherever it stands. */
export type Placeable = Pick<ReadyTask, 'type' | 'needs' | 'routingKey' | 'avoidNode'>;

/** When a task starts and ends, from now, each a range that holds with this probability. Null: not known yet. */
export interface Forecast {
	start: Range | null;
	finish: Range | null;
	confidence: number;
}

interface Parts<T extends ReadyTask> {
	queued: ReadonlyMap<number, Queued<T>>;
	lanes: LaneTable<T>;
	fleet: Fleet<T>;
	shares: Shares<T>;
	costs: TypeCosts;
	demands: Demands;
	route: (routingKey: string) => string | null;
	queueOf: (name: string) => QueueLanes<T> | undefined;
}

const limitOf = <T extends ReadyTask>({ lane, flow }: Line<T>, now: number) => {
	const { running } = flow;
	const own = flow.room > 0 ? null : ({ rule: 'user-cap', most: running.size, running: running.size } as const);
	return flow.share.limitReached(lane.demand, now) ?? own;
};

const countLines = <T extends ReadyTask>({ all }: LaneTable<T>): number => {
	let count = 0;
	for (const { stands } of all) for (const { size } of stands) count += size;
	return count;
};

/** Answers why and when: reads what the scheduler decides by, and changes nothing of it. */
export class Insight<T extends ReadyTask> {
	readonly #o: Parts<T>;
	readonly forecasts: StartForecasts;

	constructor(parts: Parts<T>) {
		this.#o = parts;
		this.forecasts = new StartForecasts(
			parts.queued,
			() => countLines(parts.lanes),
			(seq, now) => this.#estimate(seq, now),
		);
	}

	/** What stands in line by queue and by class. */
	standing(): ReturnType<typeof standingOf> {
		return standingOf(this.#o.lanes.all);
	}

	/** The first task of each line of a queue (null: of those that reach none), and how many stand in that line. */
	*heads(queue: string | null): Generator<{ head: T; size: number }> {
		for (const lane of this.#o.lanes.all) {
			if (lane.queue !== queue) continue;
			for (const { lines } of lane.stands) for (const line of lines) yield { head: line.head, size: line.order.size };
		}
	}

	/** What runs. */
	running(): Iterable<T> {
		return this.#o.fleet.running();
	}

	/** Why a task in line has not started; null if it is not in line. Takes time with nodes, lanes and people, not with tasks. */
	explain(seq: number, now: number): WaitingReason | null {
		const waiting = this.#waiting(seq, now);
		return waiting && waitingReason(waiting, [...this.#o.fleet.connected()]);
	}

	/** All that keeps a task from starting, in line or not, in the order in which it is asked; its turn alone is nothing of it. */
	obstacles(seq: number, task: Placeable, now: number): Obstacle[] {
		const { fleet, queueOf } = this.#o;
		const connected = [...fleet.connected()];
		const waiting = this.#waiting(seq, now);
		if (waiting) return [...waitingReasons(waiting, connected)].filter(({ rule }) => rule !== 'next');
		const wanted = this.#wanted(task);
		const paused = wanted.queue !== null && queueOf(wanted.queue)?.paused === true;
		const { routingKey } = task;
		return [...lastingReasons({ ...wanted, routingKey, paused, ahead: () => null }, connected)];
	}

	#waiting(seq: number, now: number): Waiting | null {
		const { task, line } = this.#o.queued.get(seq) ?? {};
		if (!task || !line) return null;
		const { lane, flow } = line;
		const { queue, demand, avoidNode, short } = lane;
		const { share } = flow;
		const limit = limitOf(line, now);
		const { routingKey } = task;
		const serviceClass = share.rules.id;
		const idleOnly = line.stand.band === IDLE_ONLY;
		const ahead = () => aheadOf(task, line);
		const { paused } = lane.of;
		return { queue, demand, short, avoidNode, routingKey, serviceClass, idleOnly, paused, limit, ahead };
	}

	/** The limit of its class or its owner that keeps a task in line from starting, whatever room there is; null if none does. */
	limit(seq: number, now: number): ReturnType<typeof limitOf> {
		const line = this.#o.queued.get(seq)?.line;
		return line ? limitOf(line, now) : null;
	}

	/** Every rule asked of every connected node for a task, in line or not. */
	placement(task: Placeable): NodePlacement[] {
		return placementTable(this.#wanted(task), task.avoidNode, this.#o.fleet.connected());
	}

	#wanted(task: Placeable): Wanted {
		const { route, demands, costs } = this.#o;
		return { queue: route(task.routingKey), demand: demands.of(task), short: costs.isShort(task.type) };
	}

	/** What tasks of a type usually cost, in milliseconds of a slot; not known: as if they were short. */
	cost(type: string): { expectedMs: number; isKnown: boolean } {
		const { costs } = this.#o;
		return { expectedMs: costs.expected(type), isKnown: costs.recent(type) !== null };
	}

	/** When a task in line starts and ends. */
	forecast(seq: number, now: number): Forecast {
		const task = this.#o.queued.get(seq)?.task;
		const start = task ? this.forecasts.range(seq, now) : null;
		const costs = task && this.#o.costs.recent(task.type);
		const takes = costs && middleOf(costs, CONFIDENCE);
		const finish = start && takes ? { from: start.from + takes.from, to: start.to + takes.to } : null;
		return { start, finish, confidence: CONFIDENCE };
	}

	/** In how long a task would start that came now, as its owner's last; null: not known. Nothing is changed by the question. */
	imagine(task: Omit<ReadyTask, 'seq' | 'order' | 'boosted' | 'avoidNode'>, now: number): Range | null {
		const { route, queueOf, lanes, shares, costs, demands } = this.#o;
		const name = route(task.routingKey);
		const queue = name === null ? undefined : queueOf(name);
		if (!queue) return null;
		const last = { ...task, seq: Number.MAX_SAFE_INTEGER, order: Number.MAX_SAFE_INTEGER };
		const lane = lanes.imagined(queue, demands.of(task), costs.isShort(task.type));
		const flow = shares.imagined(task.serviceClass, task.owner);
		const stand = lane.standOf(flow.share, false) ?? new Stand(lane, flow.share, false, now);
		const line = stand.lineOf(flow) ?? new Line(flow, stand);
		const estimate = this.#estimateIn(line, { ...last, boosted: false, avoidNode: null }, now);
		return estimate && this.forecasts.rangeOf(estimate);
	}

	/** When a running task ends. */
	finish(seq: number, now: number): Forecast {
		const lease = this.#o.fleet.leaseOf(seq);
		const elapsed = lease ? now - lease.since : 0;
		const costs = lease ? this.#o.costs.recent(lease.task.type, elapsed) : null;
		const takes = costs && middleOf(costs, CONFIDENCE);
		const finish = takes && { from: takes.from - elapsed, to: takes.to - elapsed };
		return { start: null, finish, confidence: CONFIDENCE };
	}

	#estimate(seq: number, now: number): Estimate | null {
		const { task, line } = this.#o.queued.get(seq) ?? {};
		return task && line ? this.#estimateIn(line, task, now) : null;
	}

	#estimateIn(line: Line<T>, task: ReadyTask, now: number): Estimate | null {
		// Idle-only work starts when nothing else can, and that is not foreseen.
		if (line.stand.band === IDLE_ONLY) return null;
		const { lanes, fleet, shares, costs } = this.#o;
		const wait = estimateWait(task, line, { lanes: lanes.all, fleet, shares, costs, now });
		return wait === null ? null : { wait, group: `${line.stand.band} ${line.lane.short ? 'short' : 'long'}` };
	}
}
