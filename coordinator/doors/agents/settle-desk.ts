import { CodedError } from '../../../shared/coded-error.ts';
import type { SettleAnswer } from '../../../shared/protocol/agent-link.ts';
import type { TaskQueue } from '../../queue/task-queue.ts';
import type { Logger } from '../../report/logger.ts';
import { readSettle } from './read-messages.ts';

/** When the ledger is busy, full, or has just failed. */
const COME_AGAIN_MS = { busy: 200, refused: 1_000, failed: 5_000 } as const;

type SettleFault = 'malformed' | 'invalidItem' | 'unsealed';

/** Takes in one agent's settlements; answers after the commit, or when to come again. Nothing of a refusal is lost: the agent keeps it. */
export class SettleDesk {
	readonly #queue: Pick<TaskQueue, 'settle'>;
	readonly #isSealed: (items: readonly unknown[], seal: unknown) => boolean;
	readonly #logger: Logger;
	readonly #mostUnanswered: number;
	readonly #onFault: (kind: SettleFault, count: number) => void;
	#unanswered = 0;

	constructor(options: {
		queue: Pick<TaskQueue, 'settle'>;
		/** Whether the node has sealed these items. */
		isSealed: (items: readonly unknown[], seal: unknown) => boolean;
		logger: Logger;
		mostUnanswered: number;
		onFault: (kind: SettleFault, count: number) => void;
	}) {
		this.#queue = options.queue;
		this.#isSealed = options.isSealed;
		this.#logger = options.logger;
		this.#mostUnanswered = options.mostUnanswered;
		this.#onFault = options.onFault;
	}

	settle(node: string, message: unknown, answer: unknown): void {
		const read = readSettle(message);
		if (!read || typeof answer !== 'function') {
			this.#onFault('malformed', 1);
			return;
		}
		if (this.#unanswered >= this.#mostUnanswered) {
			answer({ retryAfterMs: COME_AGAIN_MS.busy } satisfies SettleAnswer);
			return;
		}
		void this.#settle(node, read, answer as (answer: SettleAnswer) => void);
	}

	async #settle(
		node: string,
		{ items, seal }: { items: unknown[]; seal: unknown },
		answer: (answer: SettleAnswer) => void,
	): Promise<void> {
		this.#unanswered += 1;
		try {
			if (!this.#isSealed(items, seal)) {
				answer({ refused: 'bad-signature', message: 'The settlements are not sealed by the node.' });
				this.#onFault('unsealed', 1);
				return;
			}
			const replies = await this.#queue.settle(node, items);
			answer({ statuses: replies });
			const invalid = replies.filter((reply) => reply === 'invalid').length;
			if (invalid > 0) this.#onFault('invalidItem', invalid);
		} catch (error) {
			answer({ retryAfterMs: this.#comeAgainMs(node, error) });
		} finally {
			this.#unanswered -= 1;
		}
	}

	#comeAgainMs(node: string, error: unknown): number {
		if (error instanceof CodedError && error.shouldRetry()) {
			this.#logger.warn({ node, code: error.code }, 'settlements must wait');
			return error.retryAfter === undefined ? COME_AGAIN_MS.refused : error.retryAfter * 1_000;
		}
		this.#logger.error({ err: error, node }, 'settlements could not be written');
		return COME_AGAIN_MS.failed;
	}
}
