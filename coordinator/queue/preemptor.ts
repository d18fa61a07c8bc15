import type { CancelOrder } from '../../shared/protocol/agent-link.ts';
import type { Decision } from '../scheduler/ready-task.ts';
import type { LeaseBook } from './lease-book.ts';
import type { OpenTask } from './open-task.ts';

/** Asks nodes to give slots of idle-only work back; the attempts come home as returned, free of charge, and stand in line again. */
export class Preemptor {
	readonly #leases: LeaseBook;
	readonly #pushCancel: (node: string, order: CancelOrder) => void;

	constructor(options: { leases: LeaseBook; pushCancel: (node: string, order: CancelOrder) => void }) {
		this.#leases = options.leases;
		this.#pushCancel = options.pushCancel;
	}

	takeBack(decisions: readonly Decision<OpenTask>[]): void {
		const orders = new Map<string, CancelOrder['attempts']>();
		for (const { task, node } of decisions) {
			const lease = [...this.#leases.ofNode(node)].find((held) => held.task.seq === task.seq);
			if (!lease || lease.cancelRequested) continue;
			lease.preempted = true;
			const order = { task: lease.id, attempt: lease.attempt, token: lease.token, reason: 'preempted' as const };
			const batch = orders.get(node);
			if (batch) batch.push(order);
			else orders.set(node, [order]);
		}
		for (const [node, attempts] of orders) this.#pushCancel(node, { attempts });
	}
}
