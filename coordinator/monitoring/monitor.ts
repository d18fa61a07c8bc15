import { FAILURE_REASONS, type FailureReason, failedMeasure } from '../../shared/protocol/history.ts';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import type { OpenTask } from '../queue/open-task.ts';
import type { Standing } from '../scheduler/standing.ts';
import { BatchMaker } from './batch-maker.ts';
import type { FlowPace } from './flow-meter.ts';
import type { History } from './history.ts';
import type { QueueBoard } from './queue-board.ts';
import type { SelfMeter } from './self-meter.ts';
import type { TaskFlows } from './task-flows.ts';

const EVERY_MS = 1_000;
/** What was measured is written so often: one commit for many rows. */
const WRITE_EVERY_MS = 5_000;
/** A node that says nothing for longer is not measured; one of an older build says it with its heartbeats only. */
const STALE_MS = 15_000;
/** Looking through all lines takes at most this share of the time, however many people wait. */
const STANDING_SHARE = 0.01;

interface Line {
	queues: ReadonlyMap<string, Standing>;
	classes: ReadonlyMap<string, Standing>;
}

/** What is looked at each second. */
export interface MonitorSources {
	nodes: () => Iterable<{ id: string; running: number; metrics: NodeMetrics; at: number }>;
	queueNames: () => readonly string[];
	classNames: () => readonly string[];
	standing: () => Line;
	depth: () => number;
	running: () => Iterable<Pick<OpenTask, 'routingKey' | 'serviceClass'>>;
	route: (routingKey: string) => string | null;
	ledgerWaiting: () => number;
}

/** Looks at everything once a second and has it written. Nobody waits for it. */
export class Monitor {
	readonly #sources: MonitorSources;
	readonly #flows: TaskFlows;
	readonly #self: SelfMeter;
	readonly #history: Pick<History, 'record' | 'lose'>;
	readonly #board: QueueBoard | null;
	readonly #timer: NodeJS.Timeout;
	readonly #batch = new BatchMaker();
	#line: Line = { queues: new Map(), classes: new Map() };
	#lineAgainAt = 0;
	#runningBy: ReadonlyMap<string, number> = new Map();
	#lookedAt = performance.now();
	#wroteAt = performance.now();
	#writing: Promise<void> = Promise.resolve();

	constructor(options: {
		sources: MonitorSources;
		flows: TaskFlows;
		self: SelfMeter;
		history: Pick<History, 'record' | 'lose'>;
		board?: QueueBoard;
		everyMs?: number;
	}) {
		this.#sources = options.sources;
		this.#flows = options.flows;
		this.#self = options.self;
		this.#history = options.history;
		this.#board = options.board ?? null;
		this.#timer = setInterval(() => this.#tick(), options.everyMs ?? EVERY_MS);
		this.#timer.unref();
	}

	/** What stands in line, as looked at last. */
	get line(): Line {
		return this.#line;
	}

	/** Tasks of each class that has any, as looked at last. */
	get byClass(): Map<string, { queued: number; running: number }> {
		const names = new Set([...this.#line.classes.keys(), ...this.#runningBy.keys()]);
		return new Map(
			[...names].map((name) => [
				name,
				{ queued: this.#line.classes.get(name)?.depth ?? 0, running: this.#runningBy.get(name) ?? 0 },
			]),
		);
	}

	/** Looks at everything now, as of this moment. */
	look(now = Date.now()): void {
		const second = Math.floor(now / 1_000);
		const elapsed = Math.max(0.001, (performance.now() - this.#lookedAt) / 1_000);
		this.#lookedAt = performance.now();
		for (const { id, running, metrics, at } of this.#sources.nodes()) {
			if (now - at <= STALE_MS) this.#batch.add('node', id, second, { running, ...metrics });
		}
		this.#lookAtLine();
		const running = this.#running();
		this.#runningBy = running.classes;
		const queueNames = this.#sources.queueNames();
		const classNames = this.#sources.classNames();
		this.#flows.keep(new Set(queueNames), new Set(classNames));
		const { queues, classes, all } = this.#flows;
		const paces = new Map<string, FlowPace>();
		for (const [kind, names, meters, standing, runningBy] of [
			['queue', queueNames, queues, this.#line.queues, running.queues],
			['class', classNames, classes, this.#line.classes, running.classes],
		] as const) {
			for (const name of names) {
				const pace = meters.get(name)?.take();
				if (kind === 'queue' && pace) paces.set(name, pace);
				this.#batch.add(kind, name, second, {
					...standingValues(standing.get(name), now),
					...paceValues(pace, elapsed),
					running: runningBy.get(name) ?? 0,
				});
			}
		}
		this.#board?.looked(now, elapsed, (name) => {
			const { depth = 0, oldest = null } = this.#line.queues.get(name) ?? {};
			const { in: came = 0, out = 0 } = paces.get(name) ?? {};
			return { depth, oldest, running: running.queues.get(name) ?? 0, in: came, out };
		});
		const { commits, ...pace } = this.#self.take();
		this.#batch.add('coordinator', '', second, {
			...paceValues(all.take(), elapsed),
			...pace,
			commitsPerSecond: commits / elapsed,
			ledgerWaiting: this.#sources.ledgerWaiting(),
			walBytes: this.#self.walBytes,
			diskFreeBytes: this.#self.diskFreeBytes,
			depth: this.#sources.depth(),
			running: running.all,
		});
	}

	/** Has what was measured written; resolves when that is done, or has failed. */
	async flush(now = Date.now()): Promise<void> {
		if (this.#batch.size === 0) return this.#writing;
		this.#wroteAt = performance.now();
		const batch = this.#batch.take();
		// On a disk that is nearly full the ledger goes first.
		this.#writing = this.#self.isDiskShort ? this.#history.lose(batch) : this.#history.record(batch, now);
		await this.#writing;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		clearInterval(this.#timer);
		this.#self.close();
		await this.flush();
	}

	#tick(): void {
		void this.#self.look();
		this.look();
		if (performance.now() - this.#wroteAt >= WRITE_EVERY_MS) void this.flush();
	}

	#lookAtLine(): void {
		const startedAt = performance.now();
		if (startedAt < this.#lineAgainAt) return;
		this.#line = this.#sources.standing();
		this.#lineAgainAt = startedAt + (performance.now() - startedAt) / STANDING_SHARE;
	}

	/** From live leases, as everything that counts what runs. */
	#running(): { all: number; queues: Map<string, number>; classes: Map<string, number> } {
		const queues = new Map<string, number>();
		const classes = new Map<string, number>();
		let all = 0;
		for (const task of this.#sources.running()) {
			all += 1;
			const queue = this.#sources.route(task.routingKey);
			if (queue !== null) queues.set(queue, (queues.get(queue) ?? 0) + 1);
			classes.set(task.serviceClass, (classes.get(task.serviceClass) ?? 0) + 1);
		}
		return { all, queues, classes };
	}
}

const standingValues = (standing: Standing | undefined, now: number): Record<string, number> => ({
	depth: standing?.depth ?? 0,
	oldestMs: standing ? Math.max(0, now - standing.oldest) : 0,
});

const paceValues = (pace: FlowPace | undefined, elapsed: number): Record<string, number | null> => {
	const [p50, p95] = pace && pace.waits.size > 0 ? pace.waits.quantiles([0.5, 0.95]) : [null, null];
	const failed = (reason: FailureReason) => (pace?.failed[reason] ?? 0) / elapsed;
	return {
		inPerSecond: (pace?.in ?? 0) / elapsed,
		startedPerSecond: (pace?.started ?? 0) / elapsed,
		outPerSecond: (pace?.out ?? 0) / elapsed,
		waitP50Ms: p50 ?? null,
		waitP95Ms: p95 ?? null,
		...Object.fromEntries(FAILURE_REASONS.map((reason) => [failedMeasure(reason), failed(reason)])),
	};
};
