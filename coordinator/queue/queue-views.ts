import type { QueuePulse, QueueView, RouteAnswer } from '../../shared/protocol/queue.ts';
import type { NodeOffer } from '../scheduler/node-slots.ts';
import type { TaskScheduler } from '../scheduler/task-scheduler.ts';
import { TopicMatcher } from '../scheduler/topic-match.ts';
import { bindingOverlaps } from './binding-overlaps.ts';
import type { OpenTask } from './open-task.ts';
import type { QueueRow } from './queue-store.ts';
import type { Queues } from './queues.ts';

/** How queues are doing, by those who look at them each second. */
export interface QueueWatch {
	lookedAt: number;
	pulse(name: string): QueuePulse | null;
	trend(name: string): readonly number[];
	/** It is read as it is now. */
	read(name: string, now: Pick<QueuePulse, 'queued' | 'paused' | 'draining'>): void;
}

/** Queues as operators see them: with who serves them, what else their keys fit, and what is wrong with them. */
export class QueueViews {
	readonly #queues: Queues;
	readonly #scheduler: TaskScheduler<OpenTask>;
	readonly #offers: () => Iterable<NodeOffer>;
	readonly #watch: QueueWatch;
	/** Worked out of the bindings, which seldom change. */
	#known: { rows: readonly QueueRow[]; matcher: TopicMatcher; overlaps: ReturnType<typeof bindingOverlaps> } | null =
		null;

	constructor(options: {
		queues: Queues;
		scheduler: TaskScheduler<OpenTask>;
		offers: () => Iterable<NodeOffer>;
		watch: QueueWatch;
	}) {
		this.#queues = options.queues;
		this.#scheduler = options.scheduler;
		this.#offers = options.offers;
		this.#watch = options.watch;
	}

	list(): QueueView[] {
		const depths = new Map(this.#scheduler.queueDepths().map(({ queue, queued }) => [queue, queued]));
		const servers = this.#servers();
		return this.#queues.rows.map((row) => this.#view(row, depths.get(row.name) ?? 0, servers.get(row.name) ?? []));
	}

	/** Throws `not-found`. */
	get(name: string): QueueView {
		const row = this.#queues.row(name);
		return this.list().find((queue) => queue.name === row.name) as QueueView;
	}

	/** Where a routing key leads, by which binding, and who does the work there. */
	route(routingKey: string): RouteAnswer {
		const matches = this.#bindings().matcher.matches(routingKey);
		const [first] = matches;
		const view = first ? this.get(first.queue) : null;
		return {
			routingKey,
			queue: first?.queue ?? null,
			bindingKey: first?.key ?? null,
			matches: matches.map(({ queue, key }) => ({ queue, bindingKey: key })),
			servedBy: view?.servedBy ?? [],
			warnings: view?.warnings ?? [
				`No queue is bound to ${routingKey}: its tasks wait until one is. Bind a queue, for example to ${routingKey.split('.', 1)[0]}.#`,
			],
		};
	}

	#view(row: QueueRow, queued: number, servers: readonly NodeOffer[]): QueueView {
		const { name, bindingKeys, paused, drainingAt, pausedAt, reason, by } = row;
		const draining = drainingAt !== null;
		const since = paused || draining ? Math.max(pausedAt ?? 0, drainingAt ?? 0) : null;
		const { of, whole } = this.#bindings().overlaps;
		const warnings: string[] = [];
		if (bindingKeys.length === 0) warnings.push('No binding key leads here: no task ever comes. Give it one.');
		if (servers.length === 0) {
			warnings.push(
				`No connected node serves it: its tasks wait. Start one with: node dist/agent/main.js start --queues ${name}`,
			);
		} else if (servers.every(({ accepting }) => !accepting)) {
			warnings.push('Every node that serves it is cordoned, draining, suspect or stalled: its tasks wait.');
		}
		if (paused) warnings.push('It is paused: nothing is started from it until it is resumed.');
		if (draining) warnings.push('It is being drained: new tasks are refused until it is resumed.');
		this.#watch.read(name, { queued, paused, draining });
		if (!whole) warnings.push('There are too many bindings to compare all; some overlaps may not be shown.');
		return {
			...{ name, bindingKeys, paused, draining, warnings },
			...this.#doing(name, queued),
			reason: since === null ? null : reason,
			since: since === null ? null : new Date(since).toISOString(),
			by: since === null ? null : by,
			overlaps: of.get(name) ?? [],
			servedBy: servers.map((node) => node.name).sort(),
		};
	}

	/** What stands in line is known at any time, the rest as it was looked at. */
	#doing(name: string, queued: number) {
		const { running = 0, oldestAt = null, inPerSecond = 0, outPerSecond = 0 } = this.#watch.pulse(name) ?? {};
		const trend = [...this.#watch.trend(name)];
		return { queued, running, oldestAt, inPerSecond, outPerSecond, trend, lookedAt: this.#watch.lookedAt };
	}

	#servers(): Map<string, NodeOffer[]> {
		const servers = new Map<string, NodeOffer[]>();
		for (const offer of this.#offers()) {
			for (const queue of offer.queues) {
				const known = servers.get(queue);
				if (known) known.push(offer);
				else servers.set(queue, [offer]);
			}
		}
		return servers;
	}

	#bindings() {
		const { rows } = this.#queues;
		if (this.#known?.rows === rows) return this.#known;
		const bindings = rows.flatMap(({ name, bindingKeys }) => bindingKeys.map((key) => ({ queue: name, key })));
		this.#known = { rows, matcher: new TopicMatcher(bindings), overlaps: bindingOverlaps(rows) };
		return this.#known;
	}
}
