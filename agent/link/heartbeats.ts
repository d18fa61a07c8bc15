import type { AttemptRef, HeartbeatAnswer } from '../../shared/protocol/agent-link.ts';
import type { NodeMetrics } from '../../shared/protocol/node.ts';
import { heartbeatAnswerSchema } from './answers.ts';
import type { CoordinatorLink } from './coordinator-link.ts';

/** Renews the leases of what runs here, as often as the coordinator asks for. */
export class Heartbeats {
	readonly #link: CoordinatorLink;
	readonly #running: () => AttemptRef[];
	readonly #metrics: () => NodeMetrics;
	readonly #onRenewed: (refs: readonly AttemptRef[], sentAt: number, answer: HeartbeatAnswer) => void;
	#timer: NodeJS.Timeout | null = null;
	#seq = 0;

	constructor(options: {
		link: CoordinatorLink;
		running: () => AttemptRef[];
		metrics: () => NodeMetrics;
		onRenewed: (refs: readonly AttemptRef[], sentAt: number, answer: HeartbeatAnswer) => void;
	}) {
		this.#link = options.link;
		this.#running = options.running;
		this.#metrics = options.metrics;
		this.#onRenewed = options.onRenewed;
	}

	start(everyMs: number, leaseMs: number): void {
		this.stop();
		// Half a lease without an answer: the link is dead, whatever the socket says, and there is time for a new one.
		this.#timer = setInterval(() => void this.#beat(leaseMs / 2), everyMs);
	}

	stop(): void {
		if (this.#timer) clearInterval(this.#timer);
		this.#timer = null;
	}

	async #beat(withinMs: number): Promise<void> {
		const running = this.#running();
		const sentAt = performance.now();
		let answer: unknown;
		try {
			answer = await this.#link.heartbeat({ seq: this.#seq++, running, metrics: this.#metrics() }, withinMs);
		} catch {
			// A lost link has told its loss itself; one that only keeps silent is dropped here.
			if (this.#link.isReady && this.#timer) this.#link.restart('a heartbeat was not answered');
			return;
		}
		const parsed = heartbeatAnswerSchema.safeParse(answer);
		if (parsed.success) this.#onRenewed(running, sentAt, parsed.data);
		else this.#link.restart('the coordinator sent a malformed answer to a heartbeat');
	}
}
