import type { CancelOrder } from '../../shared/protocol/agent-link.ts';
import { type FinalTaskState, isFinalTaskState } from '../../shared/protocol/task.ts';
import type { AuditEntry } from '../audit/audit-store.ts';
import type { Ledger } from '../database/ledger.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { Altered } from './alter-store.ts';
import type { LeaseBook } from './lease-book.ts';
import type { DroppedTask } from './open-store.ts';
import type { OpenRow } from './open-task.ts';
import type { OpenTasks } from './open-tasks.ts';
import { queuedCapOf, tooManyQueued } from './queued-cap.ts';
import { cancelTask, retryTask } from './steer-store.ts';
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

	/** Cancels for good; what runs is told to stop and ends within one lease, whatever its node does. */
	async cancel(id: string, audit: AuditEntry | null): Promise<void> {
		await this.#o.leases.writeClaims();
		const cancelled = await this.#o.ledger.write(cancelTask, { id, now: Date.now(), audit });
		if (!isFinalTaskState(cancelled.state)) {
			this.#stop(id);
			return;
		}
		const { seq, ownerSeq } = cancelled;
		await this.endedUnrun({ state: 'cancelled', seq, id, ownerSeq });
		for (const task of cancelled.dropped) await this.endedUnrun({ ...task, state: 'cancelled', ownerSeq });
		this.#o.onRoom();
	}

	/**
	 * Queues once more what ended without success, with fresh budgets. By its owner, whose number is given, within the
	 * owner's cap: throws `too-many-queued`.
	 */
	async retry(id: string, audit: AuditEntry | null, byOwner: number | null = null): Promise<void> {
		const cap = byOwner === null ? null : queuedCapOf(this.#o.policies.of(byOwner));
		const row = await this.#o.ledger.write(retryTask, { id, now: Date.now(), audit, cap });
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
		for (const { id, seq, state } of ended) {
			await this.#o.leases.find(id)?.settling?.catch(() => {});
			this.#o.open.remove(seq);
			this.#o.count(state);
		}
		this.#announceOwners(ended.map(({ ownerSeq }) => ownerSeq));
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

	/** A task ended while it was in line. An attempt that came home in the same commit puts it back into line first. */
	async endedUnrun({ state, seq, id, ownerSeq }: DroppedTask): Promise<void> {
		await this.#o.leases.find(id)?.settling?.catch(() => {});
		this.#o.open.remove(seq);
		this.#o.count(state);
		this.#o.announcements.othersChanged(ownerSeq);
	}
}
