import type { CancelOrder } from '../../shared/protocol/agent-link.ts';
import type { FinalTaskState } from '../../shared/protocol/task.ts';
import { tellingOfRefusal } from '../budgets/refused.ts';
import type { Ledger } from '../database/ledger.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { Altered } from './alter-store.ts';
import { cancelTasks } from './cancel-store.ts';
import type { LeaseBook } from './lease-book.ts';
import type { DroppedTask } from './open-store.ts';
import type { OpenRow } from './open-task.ts';
import type { OpenTasks } from './open-tasks.ts';
import { queuedCapOf, tooManyQueued } from './queued-cap.ts';
import { refuseLeftAlone } from './refuse-left-alone.ts';
import { retryOwnTask } from './retry-store.ts';
import type { TaskAnnouncements } from './task-announcements.ts';

export interface SteeringOptions {
	ledger: Ledger;
	policies: PolicyBook;
	scheduler: { route(routingKey: string): string | null };
	leases: LeaseBook;
	open: OpenTasks;
	announcements: TaskAnnouncements;
	pushCancel: (node: string, order: CancelOrder) => void;
	/** The line has changed: there may be something to start. */
	onRoom: () => void;
	count: (state: FinalTaskState) => void;
}

/** What people do to tasks, brought into the line once it is in the ledger. Also ends what ended without running. */
export class Steering {
	readonly #o: SteeringOptions;

	constructor(options: SteeringOptions) {
		this.#o = options;
	}

	/**
	 * Cancels an owner's task for good; what runs is told to stop and ends within one lease, whatever its node does. Throws
	 * when it is over already, unless that is fine.
	 */
	async cancelOwn(seq: number, { overIsFine = false } = {}): Promise<void> {
		await this.#o.leases.writeClaims();
		const args = { act: null, seqs: [seq], now: Date.now(), onlyUnrun: false };
		const { ended, asked, why } = await this.#o.ledger.write(cancelTasks, args);
		if (!overIsFine) refuseLeftAlone('cancel', why);
		await this.cancelled(ended, asked);
	}

	/** Queues an owner's task once more, with fresh budgets, within the owner's cap and budgets: throws `too-many-queued` and `budget-exceeded`. */
	async retryOwn({ seq, ownerSeq }: { seq: number; ownerSeq: number }): Promise<void> {
		const cap = queuedCapOf(this.#o.policies.of(ownerSeq));
		const { ledger } = this.#o;
		const queued = ledger.write(retryOwnTask, { seq, now: Date.now(), cap });
		const row = await tellingOfRefusal(ledger, ownerSeq, queued);
		if (typeof row === 'string') return refuseLeftAlone('retry', row);
		if ('fresh' in row) throw tooManyQueued(row, cap, [row], this.#o.scheduler);
		this.queuedAgain([row]);
	}

	/** Tasks were altered in the ledger: held, released, boosted, moved. */
	altered(tasks: readonly Altered[]): void {
		const { open, leases } = this.#o;
		for (const { row, id, state } of tasks) open.alter(row, state === 'queued', leases.find(id)?.task);
		this.#announceOwners(tasks.map(({ row }) => row[1]));
		this.#o.onRoom();
	}

	/** Tasks were cancelled in the ledger; those that run are told to stop. */
	async cancelled(ended: readonly DroppedTask[], running: readonly string[]): Promise<void> {
		for (const id of running) this.#stop(id);
		await this.endedUnrun(ended);
		this.#o.onRoom();
	}

	/** Tasks that had ended were queued in the ledger. */
	queuedAgain(rows: readonly OpenRow[]): void {
		for (const row of rows) this.#o.open.enqueue(row, null);
		this.#announceOwners(rows.map((row) => row[1]));
		this.#o.onRoom();
	}

	#stop(id: string): void {
		const lease = this.#o.leases.find(id);
		if (!lease) return;
		lease.cancelRequested = true;
		const { attempt, token, node } = lease;
		this.#o.pushCancel(node, { attempts: [{ task: id, attempt, token, reason: 'cancelled' }] });
	}

	#announceOwners(owners: readonly number[]): void {
		for (const owner of new Set(owners)) this.#o.announcements.othersChanged(owner);
	}

	/** Tasks ended while they were in line. An attempt that came home in the same commit puts its task back first. */
	async endedUnrun(tasks: readonly DroppedTask[]): Promise<void> {
		const coming: Promise<void>[] = [];
		const leave = ({ seq, state }: DroppedTask): void => {
			this.#o.open.remove(seq);
			this.#o.count(state);
		};
		for (const task of tasks) {
			const { settling } = this.#o.leases.find(task.id) ?? {};
			if (settling) coming.push(settling.catch(() => {}).then(() => leave(task)));
			else leave(task);
		}
		await Promise.all(coming);
		this.#announceOwners(tasks.map(({ ownerSeq }) => ownerSeq));
	}
}
