import type { DryRun, JobListQuery, JobView, JobWish } from '../../shared/protocol/job.ts';
import { OPEN_TASK_STATES } from '../../shared/protocol/task.ts';
import type { TriggerView } from '../../shared/protocol/trigger.ts';
import type { Doer } from '../audit/doer.ts';
import { tellingOfRefusal } from '../budgets/refused.ts';
import type { Ledger } from '../database/ledger.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { ArchiveStep } from '../files/archive.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { ActParts } from '../queue/act-parts.ts';
import { findAnswer } from '../queue/answer-store.ts';
import { type Idempotency, idempotencyOf } from '../queue/idempotency.ts';
import { queuedCapOf, tooManyQueued } from '../queue/queued-cap.ts';
import type { TaskMatcher } from '../queue/task-matcher.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { DryRuns } from './dry-run.ts';
import type { Feeder } from './feeder.ts';
import { walkJobResults } from './job-results.ts';
import { beginJob, type JobRow, type JobWord, listJobs, readJob, readUnfinishedJobs, sayOfJob } from './job-store.ts';
import type { SubmitRates } from './submit-rates.ts';
import type { PreparedWish, Wishes, WishSource } from './wishes.ts';

interface JobsParts {
	ledger: Ledger;
	queue: Pick<TaskQueue, 'accepted'>;
	policies: PolicyBook;
	rates: SubmitRates;
	scheduler: { route(routingKey: string): string | null };
	wishes: Wishes;
	feeder: Feeder;
	dryRuns: DryRuns;
	matcher: Pick<TaskMatcher, 'ofJob'>;
	parts: Pick<ActParts, 'alter' | 'cancel'>;
}

/** Tasks that are held or released in one transaction. */
const AT_ONCE = 500;

/** What people want done in one go, from the wish to its end. */
export class Jobs {
	readonly #o: JobsParts;
	/** The last word that is being said of each job. */
	readonly #words = new Map<string, Promise<void>>();

	constructor(parts: JobsParts) {
		this.#o = parts;
	}

	/** A repeat with the same key gets the first one's id. */
	async start(source: WishSource, wish: JobWish, idempotencyKey: string | null, by: Doer): Promise<{ id: string }> {
		const idempotency = idempotencyOf('job', idempotencyKey, [source, wish]);
		const before = await this.#before(source.ownerSeq, idempotency);
		return before ?? this.#begin(await this.#o.wishes.prepare(source, wish, Date.now()), idempotency, by);
	}

	/**
	 * Lets a trigger fire for what is there already, after all fresh work. Without `again` not for what it has fired for:
	 * asked for twice, even at once, each version has it done once. A repeat with the same key gets the first one's id.
	 */
	async apply(
		{ seq, ownerSeq, trigger }: AppliedTrigger,
		again: boolean,
		by: Doer,
		idempotencyKey: string | null = null,
	): Promise<{ id: string }> {
		const idempotency = idempotencyOf('job', idempotencyKey, ['apply', trigger.id, again]);
		const before = await this.#before(ownerSeq, idempotency);
		if (before) return before;
		const { source, wish, applied } = applicationOf({ seq, ownerSeq, trigger }, again);
		return this.#begin(await this.#o.wishes.prepare(source, wish, Date.now(), applied), idempotency, by);
	}

	async dryApply({ seq, ownerSeq, trigger }: AppliedTrigger, again: boolean): Promise<DryRun> {
		const { source, wish, applied } = applicationOf({ seq, ownerSeq, trigger }, again);
		const { stored } = await this.#o.wishes.check(ownerSeq, wish, Date.now());
		return this.#o.dryRuns.of(source, { ...stored, applied });
	}

	/** What it would come to. Throws what `start` throws. */
	async dryRun(source: WishSource, wish: JobWish): Promise<DryRun> {
		const { stored } = await this.#o.wishes.check(source.ownerSeq, wish, Date.now());
		return this.#o.dryRuns.of(source, stored);
	}

	/** A person's, the newest first. */
	async list(ownerSeq: number, query: JobListQuery): Promise<{ items: JobView[]; nextCursor: string | null }> {
		const { limit, state = null, recipe = null, cause = null } = query;
		const before = readSeqCursor(query.cursor) ?? Number.MAX_SAFE_INTEGER;
		const rows = await this.#o.ledger.read(listJobs, { ownerSeq, state, recipe, cause, before, limit: limit + 1 });
		return pageBySeq(rows, limit, (row) => this.#view(row));
	}

	/** With whose it is. Throws `not-found`. */
	async read(id: string): Promise<{ ownerSeq: number; job: JobView }> {
		const row = await this.#o.ledger.read(readJob, id);
		return { ownerSeq: row.ownerSeq, job: this.#view(row) };
	}

	/** What it has brought so far, as an archive lists it. Throws `not-found` when that is nothing. */
	results(id: string): AsyncGenerator<ArchiveStep> {
		return walkJobResults(this.#o.ledger, id);
	}

	/**
	 * pause: no more tasks are made, and those that do not run are held · resume: both go on · cancel: for good. What is
	 * said is durable first; a process that dies before all tasks know is followed by one that tells them.
	 */
	async say(id: string, word: JobWord, by: Doer): Promise<void> {
		// One after the other: a resume that overtakes a pause would leave tasks held that nothing releases.
		const before = this.#words.get(id) ?? Promise.resolve();
		const said = before.then(() => this.#say(id, word, by));
		const over = said.catch(() => {});
		this.#words.set(id, over);
		try {
			await said;
		} finally {
			if (this.#words.get(id) === over) this.#words.delete(id);
		}
	}

	async #say(id: string, word: JobWord, by: Doer): Promise<void> {
		if (word === 'resume') {
			// Released before that is written: cut in between, the job is still paused and can be resumed again.
			const { seq, state, owner } = await this.#o.ledger.read(readJob, id);
			if (state === 'paused') await this.#alter(seq, 'release', owner);
		}
		const { seq, owner, isFeeding } = await this.#o.ledger.write(sayOfJob, { id, word, by, now: Date.now() });
		if (word === 'pause') await this.#alter(seq, 'hold', owner);
		if (word === 'cancel') await this.#cancel(seq);
		if (isFeeding) this.#o.feeder.feed([seq]);
	}

	/** Goes on with what the last process left: jobs to be fed, and words that not all tasks have heard. */
	async resume(): Promise<void> {
		const { feeding, said } = await this.#o.ledger.read(readUnfinishedJobs, null);
		this.#o.feeder.feed(feeding);
		for (const { seq, owner, isCancelled } of said) {
			if (isCancelled) await this.#cancel(seq);
			else await this.#alter(seq, 'hold', owner);
		}
	}

	async #before(ownerSeq: number, idempotency: Idempotency | null): Promise<{ id: string } | null> {
		const [id] = (idempotency && (await this.#o.ledger.read(findAnswer, { ownerSeq, idempotency }))) ?? [];
		return id === undefined ? null : { id };
	}

	#view(row: JobRow): JobView {
		return viewOf(row, row.state === 'feeding' ? this.#o.feeder.waitsFor(row.seq) : null);
	}

	async #begin(prepared: PreparedWish, idempotency: Idempotency | null, by: Doer): Promise<{ id: string }> {
		const { ledger, queue, policies, rates, scheduler, feeder } = this.#o;
		const { job, tasks } = prepared;
		const giveBack = rates.take(job.ownerSeq, tasks.length);
		let made = 0;
		try {
			const cap = queuedCapOf(policies.of(job.ownerSeq));
			const stored = ledger.write(beginJob, { ...prepared, idempotency, cap, by });
			const begun = await tellingOfRefusal(ledger, job.ownerSeq, stored);
			if ('before' in begun) return { id: begun.before };
			if ('excess' in begun) throw tooManyQueued(begun.excess, cap, tasks, scheduler);
			made = begun.tasks.length;
			queue.accepted(begun.submitted, begun.tasks, job.now);
			if (job.isFeeding) feeder.feed([begun.seq]);
			return { id: job.id };
		} finally {
			giveBack(tasks.length - made);
		}
	}

	async #cancel(seq: number): Promise<void> {
		// Those that an operator has cancelled too: undoing that must not bring them back.
		const seqs = await this.#o.matcher.ofJob(seq, [...OPEN_TASK_STATES, 'cancelled']);
		for await (const _ of this.#o.parts.cancel(seqs, null, Date.now(), false));
	}

	/** As the owner, whoever says it of the job: what an operator holds task by task stays held. */
	async #alter(seq: number, verb: 'hold' | 'release', by: string): Promise<void> {
		const seqs = await this.#o.matcher.ofJob(seq, OPEN_TASK_STATES);
		const reason = verb === 'hold' ? 'its job is paused' : null;
		const wanted = { verb, by, asOwner: true, at: Date.now(), reason, routingKey: null };
		for (let at = 0; at < seqs.length; at += AT_ONCE) {
			await this.#o.parts.alter(null, seqs.slice(at, at + AT_ONCE), wanted);
		}
	}
}

/** A trigger that is to be applied, and whose it is. */
export interface AppliedTrigger {
	seq: number;
	ownerSeq: number;
	trigger: TriggerView;
}

const applicationOf = ({ seq, ownerSeq, trigger }: AppliedTrigger, again: boolean) => {
	const { recipe, folder, recursive, mediaTypes, routingKey, ignore, includeResults } = trigger;
	const source = { ownerSeq, cause: 'backfill', scheduleSeq: null, triggerSeq: seq } as const;
	const over = { folder, recursive, ...(mediaTypes.includes('*/*') ? {} : { mediaTypes }) };
	const key = routingKey === null ? {} : { routingKey };
	const wish: JobWish = { recipe, over, spread: 'each', lane: 'backfill', ...key };
	return { source, wish, applied: { ignore, again, includeResults } };
};

const viewOf = (row: JobRow, waiting: string | null): JobView => {
	const { id, title, cause, state, recipe, recipeVersion, planned, createdAt, finishedAt, fedAt } = row;
	const { tasks: total, open, succeeded, failed, cancelled } = row;
	const skips = JSON.parse(row.skips) as Record<string, number>;
	return {
		...{ id, title, cause, state, recipe, recipeVersion, planned },
		tasks: { total, open, succeeded, failed, cancelled },
		...{ isWhole: fedAt !== null, waiting },
		skipped: Object.entries(skips).map(([reason, count]) => ({ reason, count })),
		createdAt: new Date(createdAt).toISOString(),
		finishedAt: finishedAt === null ? null : new Date(finishedAt).toISOString(),
	};
};
