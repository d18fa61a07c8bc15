import type { CancelOrder } from '../../shared/protocol/agent-link.ts';
import type { Logger } from '../report/logger.ts';
import type { AttemptEnd } from './after-attempt.ts';
import type { LeaseBook } from './lease-book.ts';
import type { Lease } from './open-task.ts';
import type { Settlements } from './settlements.ts';

const LEASE_CHECK_MS = 1_000;
/** Attempts of a task that go back into line without a pause when they did not arrive. */
const AT_ONCE_AGAIN = 3;

/** Ends attempts of which nobody will tell: leases that ran out, and what a node that came back no longer has. */
/** Its node was asked for the slot and kept it. */
export const NOT_GIVEN_BACK = 'its node did not give the slot back when other work needed it';

export class UnreportedAttempts {
	readonly #leases: LeaseBook;
	readonly #settlements: Settlements;
	readonly #logger: Logger;
	readonly #isConnected: (node: string) => boolean;
	readonly #pushCancel: (node: string, order: CancelOrder) => void;
	readonly #timer: NodeJS.Timeout;

	constructor(options: {
		leases: LeaseBook;
		settlements: Settlements;
		logger: Logger;
		isConnected: (node: string) => boolean;
		pushCancel: (node: string, order: CancelOrder) => void;
	}) {
		this.#leases = options.leases;
		this.#settlements = options.settlements;
		this.#logger = options.logger;
		this.#isConnected = options.isConnected;
		this.#pushCancel = options.pushCancel;
		this.#timer = setInterval(() => this.#endOverdue(), Math.min(LEASE_CHECK_MS, options.leases.leaseMs / 4));
	}

	stop(): void {
		clearInterval(this.#timer);
	}

	/**
	 * The node is back without them: what had begun died with it, what never arrived costs nothing. Work that never
	 * arrives anywhere waits longer each time: perhaps it is the reason why links break.
	 */
	endMissing(missing: readonly Lease[]): void {
		this.#end(
			missing.filter((lease) => lease.begun),
			{ state: 'lost', reason: 'its node was started anew' },
		);
		const notArrived = missing.filter((lease) => !lease.begun);
		for (const draining of [true, false]) {
			this.#end(
				notArrived.filter(({ attempt }) => attempt <= AT_ONCE_AGAIN === draining),
				{ state: 'returned', reason: 'it never arrived at the node', draining },
			);
		}
	}

	/** Tells the nodes, as far as they are there, that these attempts are void. */
	takeBack(leases: readonly Lease[]): void {
		const byNode = new Map<string, CancelOrder['attempts']>();
		for (const { id, attempt, token, node } of leases) {
			const order = { task: id, attempt, token, reason: 'void' as const };
			const orders = byNode.get(node);
			if (orders) orders.push(order);
			else byNode.set(node, [order]);
		}
		for (const [node, attempts] of byNode) if (this.#isConnected(node)) this.#pushCancel(node, { attempts });
	}

	#endOverdue(): void {
		const late = this.#leases.overdue();
		if (late.length === 0) return;
		this.takeBack(late);
		const there = late.filter(({ node }) => this.#isConnected(node));
		const [kept, here] = [there.filter(({ preempted }) => preempted), there.filter(({ preempted }) => !preempted)];
		const away = late.filter(({ node }) => !this.#isConnected(node));
		// Its node kept a slot that was wanted; the task is not to blame.
		this.#end(kept, { state: 'returned', reason: NOT_GIVEN_BACK, draining: true });
		this.#end(here, { state: 'lost', reason: 'its lease was not renewed in time' });
		this.#end(away, { state: 'lost', reason: 'its node was lost' });
	}

	/** If the ledger refuses now, the leases stand for one lease more, and then it is tried again. */
	#end(leases: readonly Lease[], end: Extract<AttemptEnd, { reason: string }>): void {
		if (leases.length === 0) return;
		this.#logger.warn({ count: leases.length, first: leases[0]?.id, reason: end.reason }, 'attempts ended');
		this.#settlements.endUnreported(leases, end).catch((error: unknown) => {
			this.#logger.error({ err: error }, 'lost attempts could not be ended yet');
		});
	}
}
