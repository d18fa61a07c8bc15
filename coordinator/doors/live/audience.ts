import type { LivePatch, LiveTopic } from '../../../shared/protocol/live-updates.ts';
import type { NodeEvents } from '../../agents/node-events.ts';
import type { FileEvents } from '../../files/file-events.ts';
import type { HealthEvents } from '../../health/health-events.ts';
import type { QueueEvents } from '../../monitoring/queue-events.ts';
import type { TaskEvents } from '../../queue/task-announcements.ts';
import type { Announcer } from '../../report/announcer.ts';
import type { ThingEvents } from '../../things/thing-events.ts';
import { ByOwner } from './by-owner.ts';
import type { Screen } from './screen.ts';
import { type ThingSource, ThingTeller } from './thing-teller.ts';

export type WatchedEvents = TaskEvents & FileEvents & NodeEvents & QueueEvents & HealthEvents & ThingEvents;

/**
 * Knows which screen watches what, and tells it. It listens only to what somebody watches, so that a busy coordinator
 * that nobody looks at makes no announcements.
 */
export class Audience {
	readonly #announcer: Announcer<WatchedEvents>;
	readonly #nodeName: (id: string) => string;
	readonly #tasks = new ByOwner();
	readonly #files = new ByOwner();
	readonly #things = new ByOwner();
	readonly #thingSource: ThingSource;
	readonly #thingTeller: ThingTeller;
	readonly #allTasks = new Set<Screen>();
	readonly #nodes = new Set<Screen>();
	readonly #nodeMetrics = new Set<Screen>();
	readonly #queues = new Set<Screen>();
	readonly #health = new Set<Screen>();
	readonly #deafen = new Map<string, () => void>();

	constructor(announcer: Announcer<WatchedEvents>, nodeName: (id: string) => string, things: ThingSource) {
		this.#announcer = announcer;
		this.#nodeName = nodeName;
		this.#thingSource = things;
		this.#thingTeller = new ThingTeller(this.#things, things);
	}

	/** The screen watches its topics from now on, and nothing else. Resolves when what changes from then on is told. */
	seat(screen: Screen): Promise<void> {
		const watches = (topic: LiveTopic) => screen.topics.has(topic);
		this.#tasks.set(screen, watches('tasks'));
		this.#files.set(screen, watches('files'));
		this.#things.set(screen, watches('things'));
		for (const [screens, topic] of [
			[this.#allTasks, 'all-tasks'],
			[this.#nodes, 'nodes'],
			[this.#nodeMetrics, 'node-metrics'],
			[this.#queues, 'queues'],
			[this.#health, 'health'],
		] as const) {
			if (watches(topic)) screens.add(screen);
			else screens.delete(screen);
		}
		const someTasks = this.#tasks.size + this.#allTasks.size > 0;
		this.#listen('task:changed', someTasks, (changes) => {
			for (const { ownerSeq, node, ...change } of changes) {
				const name = node === null ? null : this.#nodeName(node);
				this.#tellTask(ownerSeq, { kind: 'task', ...change, node: name });
			}
		});
		this.#listen('task:many-changed', someTasks, ({ ownerSeq }) => {
			for (const one of this.#tasks.of(ownerSeq)) one.tellToRead();
			for (const one of this.#allTasks) one.tellToRead();
		});
		this.#listen('file:changed', this.#files.size > 0, (changes) => {
			for (const { ownerSeq, id, revision, path, gone } of changes) {
				for (const one of this.#files.of(ownerSeq)) one.tell({ kind: 'file', id, version: revision, path, gone });
			}
		});
		this.#listen('node:changed', this.#nodes.size > 0, ({ id, revision, state, running }) => {
			for (const one of this.#nodes) one.tell({ kind: 'node', id, version: revision, state, running });
		});
		this.#listen('node:measured', this.#nodeMetrics.size > 0, ({ at, part, nodes }) => {
			for (const one of this.#nodeMetrics) {
				one.tell({ kind: 'node-metrics', id: String(part), version: at, nodes });
			}
		});
		this.#listen('queue:measured', this.#queues.size > 0, ({ at, pulses, gone }) => {
			for (const one of this.#queues) {
				for (const pulse of pulses) one.tell({ kind: 'queue', id: pulse.name, version: at, pulse });
				for (const id of gone) one.tell({ kind: 'queue', id, version: at, pulse: null });
			}
		});
		this.#listen('health:changed', this.#health.size > 0, ({ at, checks }) => {
			for (const one of this.#health) {
				for (const check of checks) one.tell({ kind: 'health', id: check.name, version: at, check });
			}
		});
		const someThings = this.#things.size > 0;
		this.#listen('thing:changed', someThings, (changes) => this.#thingTeller.tell(changes));
		this.#listen('thing:many-changed', someThings, () => {
			for (const one of this.#things.all()) one.tellToRead();
		});
		return this.#thingSource.watch(someThings);
	}

	#tellTask(ownerSeq: number, patch: LivePatch): void {
		for (const one of this.#tasks.of(ownerSeq)) one.tell(patch);
		for (const one of this.#allTasks) one.tell(patch);
	}

	#listen<K extends keyof WatchedEvents>(
		event: K,
		isWanted: boolean,
		listener: (event: WatchedEvents[K]) => void,
	): void {
		const stop = this.#deafen.get(event);
		if (isWanted && !stop) this.#deafen.set(event, this.#announcer.on(event, listener));
		else if (!isWanted && stop) {
			stop();
			this.#deafen.delete(event);
		}
	}
}
