import type { Socket } from 'socket.io';
import { type LivePatch, type LiveTopic, subscribeSchema } from '../../../shared/protocol/live-updates.ts';
import type { Actor } from '../../accounts/actor.ts';
import { type ObjectKind, may } from '../../accounts/permissions.ts';
import type { NodeEvents } from '../../agents/node-events.ts';
import type { FileChange } from '../../files/file-events.ts';
import type { TaskChange } from '../../queue/open-task.ts';
import type { Logger } from '../../report/logger.ts';
import { EVENTS_A_SECOND, EVENTS_AT_ONCE, MOST_BUFFERED_BYTES, MOST_FRAME_BYTES, MOST_PATCHES } from './live-limits.ts';

const TOPICS: Record<LiveTopic, { kind: ObjectKind; own: boolean }> = {
	tasks: { kind: 'task', own: true },
	files: { kind: 'file', own: true },
	nodes: { kind: 'node', own: false },
	'all-tasks': { kind: 'task', own: false },
};

/** One screen that watches. States: connected -> subscribed (gets patches, numbered from 1) -> closed. */
export class Watcher {
	readonly #socket: Socket;
	readonly #reAsk: () => Promise<Actor | null>;
	readonly #logger: Logger;
	readonly #topics = new Set<LiveTopic>();
	/** By kind and id: of what changed twice only the latest goes out. */
	readonly #waiting = new Map<string, LivePatch>();
	actor: Actor;
	#seq = 0;
	#mustResync = false;
	#allowance = EVENTS_AT_ONCE;
	#refilledAt = performance.now();

	constructor(options: { socket: Socket; actor: Actor; reAsk: () => Promise<Actor | null>; logger: Logger }) {
		this.#socket = options.socket;
		this.actor = options.actor;
		this.#reAsk = options.reAsk;
		this.#logger = options.logger;
		const { conn } = options.socket;
		conn.on('data', (data: string | Buffer) => {
			if (Buffer.byteLength(data) > MOST_FRAME_BYTES) this.close();
		});
		options.socket.use((_, next) => {
			if (this.#spend()) next();
			else this.close();
		});
		options.socket.on('subscribe', (message: unknown, answer: unknown) => {
			if (typeof answer === 'function') answer(this.#subscribe(message));
		});
	}

	tasksChanged(changes: readonly TaskChange[]): void {
		for (const { ownerSeq, ...change } of changes) {
			const isMine = this.#topics.has('tasks') && ownerSeq === this.actor.userSeq;
			if (isMine || this.#topics.has('all-tasks')) this.#add({ kind: 'task', ...change });
		}
	}

	/** Too much to tell one by one: a gap in the numbers makes the client read again. */
	manyChanged(ownerSeq: number): void {
		const isMine = this.#topics.has('tasks') && ownerSeq === this.actor.userSeq;
		if (isMine || this.#topics.has('all-tasks')) this.#mustResync = true;
	}

	filesChanged(changes: readonly FileChange[]): void {
		if (!this.#topics.has('files')) return;
		for (const { ownerSeq, id, revision, path, gone } of changes) {
			if (ownerSeq === this.actor.userSeq) this.#add({ kind: 'file', id, version: revision, path, gone });
		}
	}

	nodeChanged({ id, revision, state, running }: NodeEvents['node:changed']): void {
		if (this.#topics.has('nodes')) this.#add({ kind: 'node', id, version: revision, state, running });
	}

	/** Sends what has come together. */
	flush(): void {
		if (this.#waiting.size === 0 && !this.#mustResync) return;
		if (this.#buffered > MOST_BUFFERED_BYTES) {
			this.#logger.info({ user: this.actor.userId }, 'a screen that does not read was cut off');
			this.close();
			return;
		}
		if (this.#mustResync || this.#waiting.size > MOST_PATCHES) {
			this.#seq += 1; // the number that never comes
			this.#mustResync = false;
		}
		const patches = [...this.#waiting.values()].slice(0, MOST_PATCHES);
		this.#waiting.clear();
		this.#seq += 1;
		this.#socket.emit('live:patch', { seq: this.#seq, patches });
	}

	/** Asks again who this is; if nobody any more, says so and closes. */
	async check(): Promise<void> {
		const actor = await this.#reAsk().catch(() => null);
		if (actor) {
			this.actor = actor;
			for (const topic of this.#topics) if (!this.#mayWatch(topic)) this.#topics.delete(topic);
			return;
		}
		this.#socket.emit('live:signed-out');
		// The word before the close: both are in order on the wire.
		setImmediate(() => this.close());
	}

	close(): void {
		this.#topics.clear();
		this.#socket.disconnect(true);
	}

	#subscribe(message: unknown): { ok: true; seq: number } | { ok: false; code: string } {
		const parsed = subscribeSchema.safeParse(message);
		if (!parsed.success) return { ok: false, code: 'invalid' };
		const { topics } = parsed.data;
		if (!topics.every((topic) => this.#mayWatch(topic))) return { ok: false, code: 'forbidden' };
		this.#topics.clear();
		for (const topic of topics) this.#topics.add(topic);
		this.#waiting.clear();
		return { ok: true, seq: this.#seq };
	}

	#mayWatch(topic: LiveTopic): boolean {
		const { kind, own } = TOPICS[topic];
		return may(this.actor, 'read', { kind, ownerSeq: own ? this.actor.userSeq : null });
	}

	#add(patch: LivePatch): void {
		const key = `${patch.kind}:${patch.id}`;
		const before = this.#waiting.get(key);
		if (!before || before.version <= patch.version) this.#waiting.set(key, patch);
	}

	#spend(): boolean {
		const now = performance.now();
		this.#allowance = Math.min(EVENTS_AT_ONCE, this.#allowance + ((now - this.#refilledAt) / 1_000) * EVENTS_A_SECOND);
		this.#refilledAt = now;
		this.#allowance -= 1;
		return this.#allowance >= 0;
	}

	/** Bytes that the network has not taken yet. */
	get #buffered(): number {
		const { transport } = this.#socket.conn as unknown as { transport?: { socket?: { bufferedAmount?: number } } };
		return transport?.socket?.bufferedAmount ?? 0;
	}
}
