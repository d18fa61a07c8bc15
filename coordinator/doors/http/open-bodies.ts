import { CodedError } from '../../../shared/coded-error.ts';
import type { AccountEvents } from '../../accounts/account-events.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Announcer } from '../../report/announcer.ts';
import type { Logger } from '../../report/logger.ts';

/** Somebody who was admitted, and how to find out whether that still holds. */
export interface Standing {
	actor: Actor;
	/** Nothing of anybody has changed since they were admitted. */
	isCurrent(): boolean;
	/** Throws the refusal when they would not be admitted any more. */
	askAgain(): Promise<void>;
}

interface OpenBody {
	standing: Standing;
	cut: () => void;
}

/** A token ends by itself too: every body that flows for longer is asked about again. */
const LOOK_EVERY_MS = 60_000;

/**
 * Bodies that stream in or out, by whose they are. A download of hours was allowed once, at its beginning: when its
 * session or token is ended, or its person may not any more, it is cut. The bytes themselves cost nothing for it.
 */
export class OpenBodies {
	readonly #bodies = new Map<number, Set<OpenBody>>();
	readonly #logger: Logger;
	readonly #stopHearing: () => void;
	readonly #timer: NodeJS.Timeout;

	constructor({
		announcer,
		logger,
		everyMs = LOOK_EVERY_MS,
	}: {
		announcer: Announcer<AccountEvents>;
		logger: Logger;
		everyMs?: number;
	}) {
		this.#logger = logger;
		this.#stopHearing = announcer.on('account:ended', ({ userSeq, credentialId }) => {
			for (const body of this.#bodies.get(userSeq) ?? []) {
				if (credentialId === null) void this.#ask(body);
				else if (credentialId === body.standing.actor.credentialId) this.#cut(body);
			}
		});
		this.#timer = setInterval(() => {
			for (const bodies of this.#bodies.values()) for (const body of bodies) void this.#ask(body);
		}, everyMs).unref();
	}

	/** Bodies that are open. */
	get size(): number {
		let size = 0;
		for (const bodies of this.#bodies.values()) size += bodies.size;
		return size;
	}

	/** Until the function given back is called, `cut` is called once when whoever it is may not go on. */
	watch(standing: Standing, cut: () => void): () => void {
		const { userSeq } = standing.actor;
		const body = { standing, cut };
		const bodies = this.#bodies.get(userSeq) ?? new Set();
		this.#bodies.set(userSeq, bodies.add(body));
		// They may have been shut out since they were admitted, before anybody watched.
		if (!standing.isCurrent()) void this.#ask(body);
		return () => this.#forget(body);
	}

	close(): void {
		clearInterval(this.#timer);
		this.#stopHearing();
	}

	async #ask(body: OpenBody): Promise<void> {
		try {
			await body.standing.askAgain();
		} catch (error) {
			// Whoever cannot be known is not let go on.
			if (!(error instanceof CodedError))
				this.#logger.warn({ err: error }, 'whose a stream is could not be asked again');
			this.#cut(body);
		}
	}

	#cut(body: OpenBody): void {
		if (!this.#forget(body)) return;
		this.#logger.info({ user: body.standing.actor.userId }, 'what streamed for somebody who was shut out was cut');
		body.cut();
	}

	#forget(body: OpenBody): boolean {
		const { userSeq } = body.standing.actor;
		const bodies = this.#bodies.get(userSeq);
		const was = bodies?.delete(body) ?? false;
		if (bodies?.size === 0) this.#bodies.delete(userSeq);
		return was;
	}
}
