import type { Socket } from 'socket.io';
import { type LivePatch, type LiveTopic, subscribeSchema } from '../../../shared/protocol/live-updates.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotAllowed } from '../../accounts/not-allowed.ts';
import { may, type ObjectKind } from '../../accounts/permissions.ts';
import type { Logger } from '../../report/logger.ts';
import { bufferedBytes, terminate } from '../sockets/send-buffer.ts';
import type { Opener } from './handshake.ts';
import type { LiveLimits } from './live-limits.ts';
import { PatchQueue } from './patch-queue.ts';
import type { Seat } from './seats.ts';

const TOPICS: Record<LiveTopic, { kind: ObjectKind; isOwn: boolean }> = {
	tasks: { kind: 'task', isOwn: true },
	files: { kind: 'file', isOwn: true },
	// What each thing is counts when it is told.
	things: { kind: 'recipe', isOwn: true },
	nodes: { kind: 'node', isOwn: false },
	'node-metrics': { kind: 'node', isOwn: false },
	queues: { kind: 'queue', isOwn: false },
	health: { kind: 'health', isOwn: false },
	'all-tasks': { kind: 'task', isOwn: false },
};

type SubscribeAnswer = { ok: true; seq: number } | { ok: false; code: string };

export interface ScreenParts {
	socket: Socket;
	opener: Opener;
	seat: Seat;
	limits: LiveLimits;
	logger: Logger;
	/** What it watches has changed. Resolves when changes from then on are told. */
	onTopics(screen: Screen): Promise<void>;
	onClosed(screen: Screen): void;
	/** It asked for a topic that it may not watch. */
	onRefused(refusal: NotAllowed): void;
}

/**
 * One person's screen that watches. States: `open` (nothing is told yet) -> `subscribed` (gets patches) -> `closed`,
 * which both can become. Nothing can be done from here: whatever is done is done by HTTP.
 */
export class Screen {
	actor: Actor;
	topics: ReadonlySet<LiveTopic> = new Set();
	readonly #parts: ScreenParts;
	readonly #queue: PatchQueue;
	#isClosed = false;

	constructor(parts: ScreenParts) {
		this.#parts = parts;
		this.actor = parts.opener.actor;
		const { socket, limits } = parts;
		this.#queue = new PatchQueue(limits.patches);
		socket.on('error', () => this.close());
		socket.on('disconnect', () => this.#end());
		socket.on('subscribe', async (message: unknown, answer: unknown) => {
			const said = await this.#subscribe(message);
			if (typeof answer === 'function') answer(said);
		});
	}

	tell(patch: LivePatch): void {
		this.#queue.add(patch);
	}

	/** Too much to tell one by one: the screen is made to read again. */
	tellToRead(): void {
		this.#queue.leaveGap();
	}

	/** Sends what has come together. */
	flush(): void {
		if (this.#isClosed) return;
		const message = this.#queue.take();
		if (message === null) return;
		if (bufferedBytes(this.#parts.socket.conn) > this.#parts.limits.bufferedBytes) {
			this.#parts.logger.info({ user: this.actor.userId }, 'a screen that does not read was cut off');
			this.close();
			return;
		}
		this.#parts.socket.emit('live:patch', message);
	}

	/** Asks again who this is. What it may no longer see it is no longer told; nobody any more is signed out. */
	async check(): Promise<void> {
		let actor: Actor | null;
		try {
			actor = await this.#parts.opener.askAgain();
		} catch (error) {
			// Not knowing is no reason to cut somebody off; it is asked again.
			this.#parts.logger.warn({ err: error, user: this.actor.userId }, 'who watches could not be asked again');
			return;
		}
		if (this.#isClosed) return;
		if (actor) {
			this.actor = actor;
			void this.#watch([...this.topics].filter((topic) => this.#mayWatch(topic)));
			return;
		}
		void this.#watch([]);
		this.#parts.socket.emit('live:signed-out');
		this.close();
	}

	/** Lets what was sent arrive, but not for long. */
	close(): void {
		if (this.#isClosed) return;
		const { socket, limits } = this.#parts;
		setTimeout(() => terminate(socket.conn), limits.closeMs).unref();
		socket.disconnect(true);
		this.#end();
	}

	async #subscribe(message: unknown): Promise<SubscribeAnswer> {
		const parsed = subscribeSchema.safeParse(message);
		if (!parsed.success) return { ok: false, code: 'invalid' };
		const refused = parsed.data.topics.find((topic) => !this.#mayWatch(topic));
		if (refused !== undefined) {
			const byScope = this.#mayWatch(refused, { ...this.actor, scopes: null });
			const code = byScope ? 'insufficient-scope' : 'forbidden';
			this.#parts.onRefused(new NotAllowed(code, { actor: this.actor, verb: 'read', kind: TOPICS[refused].kind }));
			return { ok: false, code };
		}
		await this.#watch(parsed.data.topics);
		this.#queue.clear();
		return { ok: true, seq: this.#queue.seq };
	}

	#mayWatch(topic: LiveTopic, actor = this.actor): boolean {
		const { kind, isOwn } = TOPICS[topic];
		return may(actor, 'read', { kind, ownerSeq: isOwn ? actor.userSeq : null });
	}

	#watch(topics: readonly LiveTopic[]): Promise<void> {
		this.topics = new Set(topics);
		return this.#parts.onTopics(this);
	}

	#end(): void {
		if (this.#isClosed) return;
		this.#isClosed = true;
		this.#parts.seat.leave();
		this.topics = new Set();
		this.#parts.onClosed(this);
	}
}
