import type { AttemptRef, CancelOrder, LogBatch, Progress } from '../../shared/protocol/agent-link.ts';
import type { Ledger } from '../database/ledger.ts';
import type { Logger } from '../report/logger.ts';
import type { LeaseBook } from './lease-book.ts';
import { appendLog, LINES_PER_ATTEMPT, type StoredLine } from './log-store.ts';
import type { Lease } from './open-task.ts';
import { plainText } from './plain-text.ts';
import type { TaskAnnouncements } from './task-announcements.ts';

/** Log of one attempt that is kept, whatever its agent sends. */
const MOST_LOG_LINES = 20_000;
const MOST_LOG_BYTES = 4 * 1024 * 1024;

/** What nodes say about the attempts they hold, checked against the lease book: only a lease's own node is believed. */
export class NodeLeases {
	readonly #leases: LeaseBook;
	readonly #ledger: Ledger;
	readonly #announcements: TaskAnnouncements;
	readonly #logger: Logger;

	constructor(options: { leases: LeaseBook; ledger: Ledger; announcements: TaskAnnouncements; logger: Logger }) {
		this.#leases = options.leases;
		this.#ledger = options.ledger;
		this.#announcements = options.announcements;
		this.#logger = options.logger;
	}

	/** Renews what the node holds by right; answers the rest, which it is to stop. */
	renew(node: string, running: readonly AttemptRef[]): AttemptRef[] {
		const stale: AttemptRef[] = [];
		for (const ref of running) {
			const lease = this.#held(node, ref);
			if (lease) this.#leases.renew(lease);
			else stale.push({ task: ref.task, attempt: ref.attempt, token: ref.token });
		}
		return stale;
	}

	/** After a new connection: leases that the node does not have. `begun` ones died with it, the others never arrived. */
	missing(node: string, running: readonly AttemptRef[]): Lease[] {
		const held = new Set(running.map(({ token }) => token));
		return [...this.#leases.ofNode(node)].filter((lease) => !held.has(lease.token) && !lease.settling);
	}

	/** Orders to stop that the node may have missed while it was away. */
	pendingCancels(node: string): CancelOrder['attempts'] {
		return [...this.#leases.ofNode(node)]
			.filter((lease) => (lease.cancelRequested || lease.preempted) && !lease.settling)
			.map(({ id, attempt, token, cancelRequested }) => ({
				...{ task: id, attempt, token },
				reason: cancelRequested ? ('cancelled' as const) : ('preempted' as const),
			}));
	}

	started(node: string, refs: readonly AttemptRef[]): void {
		for (const ref of refs) {
			const lease = this.#held(node, ref);
			if (lease) lease.begun = true;
		}
	}

	progress(node: string, items: Progress['items']): void {
		for (const item of items) {
			const lease = this.#held(node, item);
			if (!lease || lease.settling) continue;
			lease.begun = true;
			lease.progress = item.progress;
			lease.phase = item.phase === null ? null : plainText(item.phase);
			this.#announcements.leaseChanged(lease, 'running');
		}
	}

	log(node: string, items: LogBatch['items']): void {
		const at = Date.now();
		const lines: StoredLine[] = [];
		for (const item of items) {
			const lease = this.#held(node, item);
			if (!lease) continue;
			for (const [i, { stream, text }] of item.lines.entries()) {
				const number = item.firstSeq + i;
				if (number >= LINES_PER_ATTEMPT || lease.logLines >= MOST_LOG_LINES || lease.logBytes >= MOST_LOG_BYTES) break;
				lease.logLines += 1;
				lease.logBytes += text.length;
				lines.push([lease.task.seq, lease.attempt * LINES_PER_ATTEMPT + number, at, stream, plainText(text)]);
			}
		}
		if (lines.length === 0) return;
		// A log line that is lost is not worth a retry; the task goes on.
		this.#ledger.write(appendLog, lines).catch((error: unknown) => {
			this.#logger.warn({ err: error, lines: lines.length }, 'log lines could not be kept');
		});
	}

	#held(node: string, ref: AttemptRef): Lease | undefined {
		const lease = this.#leases.match(ref);
		return lease?.node === node ? lease : undefined;
	}
}
