import { CodedError } from '../../shared/coded-error.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import type { NewTask, Submitted } from '../queue/submit-store.ts';
import type { Logger } from '../report/logger.ts';
import { type DueTimes, dueTimes, ON_TIME_MS } from './due-times.ts';
import { type EndedJob, jobEnded, readUnwanted, readWaiting } from './ended-store.ts';
import { type Fired, type Firing, fireSchedules, runByHand } from './fire-store.ts';
import type { RunEnd, RunWork, StartedWork } from './run-store.ts';
import { ruleOf, type ScheduleRow, wishOf } from './schedule-row.ts';
import { readSchedules } from './schedule-store.ts';
import type { Wishes } from './wish.ts';

/** Runs in one transaction: catching up on all may want a thousand of each schedule. */
const MOST_RUNS = 1_000;
const CANCELLED_AT_ONCE = 500;

/** A schedule whose time has come. */
export interface Due {
	seq: number;
	version: number;
	nominalAt: number;
	/** The time after that, when it was worked out beforehand. */
	followAt: number | null | undefined;
}

/** The tasks' queue, as far as this needs it. */
export interface TaskLine {
	accepted(submitted: readonly Submitted[], tasks: readonly NewTask[], now: number): void;
	/** These jobs are to be fed. */
	feed(jobs: readonly number[]): void;
	/** Ends a task for good; one that is over already stays as it is. */
	cancel(seq: number): Promise<void>;
}

/** Makes runs: decides what becomes of times, prepares what is asked for, has it stored, and brings it into the line. */
export class Launcher {
	readonly #ledger: Ledger;
	readonly #logger: Logger;
	readonly #wishes: Wishes;
	readonly #line: TaskLine;
	readonly #onHappened: () => void;
	readonly #now: () => number;
	#cancelling: Promise<void> | null = null;
	#hasOld = false;

	constructor(options: {
		ledger: Ledger;
		logger: Logger;
		wishes: Wishes;
		line: TaskLine;
		/** Schedules have paused themselves, or jobs were over as soon as they were there: something may follow from that. */
		onHappened: () => void;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#logger = options.logger;
		this.#wishes = options.wishes;
		this.#line = options.line;
		this.#onHappened = options.onHappened;
		this.#now = options.now;
	}

	/** Answers how each stands now, by its number; those that are gone are missing. */
	async fire(due: readonly Due[], now: number): Promise<Map<number, Fired>> {
		const rows = new Map(
			(
				await this.#ledger.read(
					readSchedules,
					due.map(({ seq }) => seq),
				)
			).map((row) => [row.seq, row]),
		);
		const stands = new Map<number, Fired>();
		const asked = due.flatMap((one) => {
			const row = rows.get(one.seq);
			if (!row) return [];
			if (row.version === one.version && row.nextAt === one.nominalAt) return [{ row, ...one }];
			// Whoever asked is behind: the ledger is further.
			stands.set(row.seq, { isDone: false, version: row.version, nextAt: row.nextAt, runs: [] });
			return [];
		});
		const firings = await Promise.all(asked.map((one) => this.#firing(one, now)));
		for (const some of byRuns(firings)) {
			const fired = await this.#ledger.write(fireSchedules, { firings: some, now });
			for (const [i, stand] of fired.entries()) {
				if (!stand) continue;
				stands.set(some[i]!.schedule.seq, stand);
				for (const run of stand.runs) this.#began(run, now);
			}
		}
		if ([...stands.values()].some(({ isDone, nextAt }) => isDone && nextAt === null)) this.#onHappened();
		return stands;
	}

	/** A run at once; a repeat gets the first one. Throws why it may not be. */
	async byHand(row: ScheduleRow, by: Doer, idempotency: Idempotency | null): Promise<string> {
		const now = this.#now();
		const work: RunWork = {
			...(await this.#wishes.prepare(ownerOf(row), wishOf(row), row.seq, now)),
			job: newId('job', now),
		};
		const run = newId('scheduleRun', now);
		const begun = await this.#ledger.write(runByHand, { id: row.id, run, work, idempotency, by, now });
		if ('before' in begun) return begun.before;
		this.#began(begun, now);
		return run;
	}

	/** Jobs of schedules have ended: answers how the schedules stand now. */
	async ended(jobs: readonly EndedJob[]): Promise<{ seq: number; version: number; nextAt: number | null }[]> {
		const now = this.#now();
		const waiting = await this.#ledger.read(readWaiting, jobs);
		const works = await Promise.all(waiting.map((row) => row && this.#work(row, now)));
		// In their order, and in one go: those of one schedule are counted one after the other.
		const done = await Promise.allSettled(
			jobs.map((ended, i) => this.#ledger.write(jobEnded, { ended, work: works[i] ?? null, now })),
		);
		const stands = done.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
		for (const { started } of stands) if (started) this.#accept(started, now);
		if (stands.some(({ nextAt }) => nextAt === null)) this.#onHappened();
		for (const one of done) if (one.status === 'rejected') throw one.reason;
		return stands;
	}

	/** Ends what is left of jobs that gave way to newer ones. What a process that was killed did not get to, too. */
	cancelOld(): void {
		this.#hasOld = true;
		this.#cancelling ??= this.#cancelUnwanted().finally(() => {
			this.#cancelling = null;
			// Asked for when it had just looked for the last time.
			if (this.#hasOld) this.cancelOld();
		});
	}

	/** Until nothing is being cancelled any more. */
	async settled(): Promise<void> {
		while (this.#cancelling) await this.#cancelling;
	}

	async #cancelUnwanted(): Promise<void> {
		try {
			while (this.#hasOld) {
				this.#hasOld = false;
				for (let after: number | undefined = 0; after !== undefined; ) {
					const seqs: number[] = await this.#ledger.read(readUnwanted, { after, limit: CANCELLED_AT_ONCE });
					// In one go, so that they share a commit.
					await Promise.all(seqs.map((seq) => this.#line.cancel(seq)));
					after = seqs.length < CANCELLED_AT_ONCE ? undefined : seqs.at(-1);
				}
			}
		} catch (error) {
			this.#logger.error({ err: error }, 'old runs of a schedule could not be cancelled; the next run tries again');
		}
	}

	async #firing({ row, nominalAt, followAt }: Due & { row: ScheduleRow }, now: number): Promise<Firing> {
		const { runs, missed, followAt: next } = await this.#times(row, nominalAt, followAt, now);
		const work: RunWork = runs.length === 0 ? { refused: 'nothing is to run' } : await this.#work(row, now);
		return {
			schedule: row,
			nominalAt,
			followAt: next,
			runs: runs.map((run) => ({ ...run, id: newId('scheduleRun', now) })),
			missed: missed && { ...missed, id: newId('scheduleRun', now) },
			work,
		};
	}

	/** On time, with the time after it known beforehand, nothing has to be worked out. */
	async #times(row: ScheduleRow, nominalAt: number, followAt: Due['followAt'], now: number): Promise<DueTimes> {
		if (followAt != null && followAt > now && now - nominalAt <= ON_TIME_MS) {
			return { runs: [{ nominalAt, kind: 'tick' }], missed: null, followAt };
		}
		try {
			return await dueTimes(ruleOf(row), nominalAt, now, row.misfire);
		} catch (error) {
			// Its zone may have gone with an update. Others are not to wait for it: it is paused.
			this.#logger.error({ err: error, schedule: row.id }, 'the times of a schedule cannot be worked out');
			return { runs: [], missed: null, followAt: null };
		}
	}

	async #work(row: ScheduleRow, now: number): Promise<RunWork> {
		if (row.ownerDisabled === 1) return { refused: 'The account is disabled.' };
		try {
			return { ...(await this.#wishes.prepare(ownerOf(row), wishOf(row), row.seq, now)), job: newId('job', now) };
		} catch (error) {
			if (!(error instanceof CodedError)) throw error;
			return { refused: error.message };
		}
	}

	#began({ started, cancelsOld }: RunEnd, now: number): void {
		if (started) this.#accept(started, now);
		if (cancelsOld) this.cancelOld();
	}

	#accept({ seq, submitted, tasks, isFeeding }: StartedWork, now: number): void {
		this.#line.accepted(submitted, tasks, now);
		// Killed before this, it is fed from the next start on.
		if (isFeeding) this.#line.feed([seq]);
		else if (tasks.length === 0) this.#onHappened();
	}
}

const ownerOf = (row: ScheduleRow) => ({ seq: row.ownerSeq, role: row.ownerRole });

/** In the same order, no more runs in a part than one transaction is to make. */
const byRuns = (firings: readonly Firing[]): Firing[][] => {
	const parts: Firing[][] = [];
	let runs = Number.POSITIVE_INFINITY;
	for (const firing of firings) {
		const part = parts.at(-1);
		if (part && runs + firing.runs.length <= MOST_RUNS) part.push(firing);
		else {
			parts.push([firing]);
			runs = 0;
		}
		runs += firing.runs.length;
	}
	return parts;
};
