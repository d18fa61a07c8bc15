import type { AttemptRef } from '../../shared/protocol/agent-link.ts';
import type { AttemptTable } from './attempt-table.ts';

/**
 * How long this node may go on with what it runs. Counted from when the renewal was sent, on the monotonic clock: so
 * the node gives up before the coordinator does, whatever the network did in between.
 */
export class Leases {
	readonly #table: AttemptTable;
	leaseMs = 30_000;

	constructor(table: AttemptTable) {
		this.#table = table;
	}

	renew(refs: readonly AttemptRef[], sentAt: number, leaseMs: number): void {
		this.leaseMs = leaseMs;
		for (const { token } of refs) {
			const held = this.#table.get(token);
			if (held) held.leaseEndsAt = Math.max(held.leaseEndsAt, sentAt + leaseMs);
		}
	}
}
