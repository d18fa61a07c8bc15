import { CodedError } from '../../shared/coded-error.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type {
	NewSchedule,
	ScheduleDraft,
	SchedulePreviewQuery,
	ScheduleRunView,
	ScheduleSummary,
	ScheduleView,
} from '../../shared/protocol/schedule.ts';
import { SCHEDULE_WISHES, wishIn, wishKindOf } from '../../shared/protocol/schedule-wish.ts';
import { scheduleSentence } from '../../shared/schedule-sentence.ts';
import type { Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { VersionCondition } from '../qos/version-condition.ts';
import { findAnswer } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import type { Launcher } from './launcher.ts';
import { forgetRuns, listRuns, listSchedules, readListed, readRun } from './list-store.ts';
import { nextTime } from './next-time.ts';
import { ruleOf, type ScheduleRow } from './schedule-row.ts';
import { checkRule, normalCron, type ScheduleRule } from './schedule-rule.ts';
import {
	addSchedule,
	changeSchedule,
	deleteSchedule,
	pauseSchedule,
	readSchedule,
	readSchedules,
	resumeSchedule,
	type ScheduleFields,
} from './schedule-store.ts';
import { runViewOf, summaryOf, viewOf } from './schedule-views.ts';
import type { Ticker } from './ticker.ts';
import type { Wishes, WishOwner } from './wish.ts';

/** Newest runs of a schedule that are kept, and schedules that are gone through in one transaction. */
const RUNS_KEPT = 1_000;
const FORGOTTEN_AT_ONCE = 200;

interface Page {
	limit: number;
	cursor?: string | undefined;
}

/** Schedules: made, changed, paused, run by hand. Whoever calls has checked that it may be done. */
export class Schedules {
	readonly #ledger: Ledger;
	readonly #wishes: Wishes;
	readonly #launcher: Launcher;
	readonly #ticker: Pick<Ticker, 'set' | 'remove'>;
	readonly #now: () => number;

	constructor(options: {
		ledger: Ledger;
		wishes: Wishes;
		launcher: Launcher;
		ticker: Pick<Ticker, 'set' | 'remove'>;
		now: () => number;
	}) {
		this.#ledger = options.ledger;
		this.#wishes = options.wishes;
		this.#launcher = options.launcher;
		this.#ticker = options.ticker;
		this.#now = options.now;
	}

	/** Whose it is. Throws `not-found`. */
	async ownerOf(id: string): Promise<number> {
		return (await this.#ledger.read(readSchedule, id)).ownerSeq;
	}

	/** Oldest first. `owner`: a person's number or public id, or null for everybody's. */
	async list(
		owner: number | string | null,
		page: Page,
	): Promise<{ items: ScheduleSummary[]; nextCursor: string | null }> {
		const after = readSeqCursor(page.cursor) ?? 0;
		const rows = await this.#ledger.read(listSchedules, { owner, after, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, summaryOf);
	}

	async read(id: string): Promise<ScheduleView> {
		return this.#view(await this.#ledger.read(readSchedule, id));
	}

	/** Throws what is wrong with the times or with what is asked for. A repeat with the same key gets the first one. */
	async create(
		owner: WishOwner,
		{ paused, ...draft }: NewSchedule,
		idempotency: Idempotency | null,
		by: Doer,
	): Promise<ScheduleView> {
		const before = await this.#before(owner.seq, idempotency);
		if (before !== null) return this.read(before);
		const now = this.#now();
		const { fields, nextAt } = await this.#check(owner, draft, null, now);
		const id = newId('schedule', now);
		const made = { id, ownerSeq: owner.seq, fields, nextAt: paused ? null : nextAt, idempotency, by, now };
		return this.#changed((await this.#ledger.write(addSchedule, made)).row);
	}

	/** Makes all of it what it is to be. It stays paused or active; other times count from now on. */
	async change(
		owner: WishOwner,
		id: string,
		draft: ScheduleDraft,
		condition: VersionCondition,
		by: Doer,
	): Promise<ScheduleView> {
		const now = this.#now();
		const before = await this.#ledger.read(readSchedule, id);
		const { fields, nextAt } = await this.#check(owner, draft, before, now);
		return this.#changed(await this.#ledger.write(changeSchedule, { id, fields, nextAt, condition, by, now }));
	}

	async remove(id: string, condition: VersionCondition, by: Doer): Promise<void> {
		const { seq } = await this.#ledger.write(deleteSchedule, { id, condition, by, now: this.#now() });
		this.#ticker.remove(seq);
	}

	async pause(id: string, reason: string | undefined, by: Doer): Promise<ScheduleView> {
		const args = { id, reason: reason ?? null, by, now: this.#now() };
		return this.#changed(await this.#ledger.write(pauseSchedule, args));
	}

	/** From the next time on: what passed meanwhile does not run. */
	async resume(id: string, by: Doer): Promise<ScheduleView> {
		const now = this.#now();
		const before = await this.#ledger.read(readSchedule, id);
		const nextAt = nextTime(ruleOf(before), now);
		if (nextAt === null) throw new CodedError('schedule-never', 'Its time never comes again; give it another one.');
		const { version } = before;
		return this.#changed(await this.#ledger.write(resumeSchedule, { id, version, nextAt, by, now }));
	}

	/** Runs it at once, paused or not. Overlap counts: the run that is answered may have been skipped or wait. A repeat gets the first one's. */
	async runNow(id: string, by: Doer, idempotency: Idempotency | null = null): Promise<ScheduleRunView> {
		const schedule = await this.#ledger.read(readSchedule, id);
		const before = await this.#before(schedule.ownerSeq, idempotency);
		const run = before ?? (await this.#launcher.byHand(schedule, by, idempotency));
		return runViewOf(await this.#ledger.read(readRun, run));
	}

	/** Newest first. */
	async runs(id: string, page: Page): Promise<{ items: ScheduleRunView[]; nextCursor: string | null }> {
		const { seq } = await this.#ledger.read(readSchedule, id);
		const before = readSeqCursor(page.cursor);
		const rows = await this.#ledger.read(listRuns, { scheduleSeq: seq, before, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, runViewOf);
	}

	/** When something with these times would run, and in words. */
	preview(wanted: SchedulePreviewQuery): { sentence: string; nextRuns: string[] } {
		const now = this.#now();
		const rule = ruleFrom(wanted, null, now);
		return {
			nextRuns: checkRule(rule, now).map((at) => new Date(at).toISOString()),
			sentence: scheduleSentence(rule),
		};
	}

	/** Others have made, changed or deleted these. */
	async changed(seqs: readonly number[]): Promise<void> {
		if (seqs.length === 0) return;
		const rows = await this.#ledger.read(readSchedules, seqs);
		for (const row of rows) this.#ticker.set(row);
		const there = new Set(rows.map(({ seq }) => seq));
		for (const seq of seqs) if (!there.has(seq)) this.#ticker.remove(seq);
	}

	/** Forgets all but the newest runs of each. */
	async forgetOldRuns(): Promise<void> {
		for (let after: number | null = 0; after !== null; ) {
			after = await this.#ledger.write(forgetRuns, { after, kept: RUNS_KEPT, limit: FORGOTTEN_AT_ONCE });
		}
	}

	async #before(ownerSeq: number, idempotency: Idempotency | null): Promise<string | null> {
		const [id] = (idempotency && (await this.#ledger.read(findAnswer, { ownerSeq, idempotency }))) ?? [];
		return id ?? null;
	}

	async #check(owner: WishOwner, draft: ScheduleDraft, before: ScheduleRow | null, now: number) {
		const { name, cron, every, timeZone, misfire, overlap, pauseAfter } = draft;
		const rule = ruleFrom({ cron, every, timeZone }, before, now);
		const [nextAt] = checkRule(rule, now) as [number];
		if (misfire === 'all' && overlap !== 'queue') {
			const message = 'must be queue: runs that are caught up on would overlap';
			throw new CodedError(
				'schedule-invalid',
				'To run all times that were missed, let them queue: overlap must be queue.',
				{
					fields: [{ path: 'overlap', message }],
				},
			);
		}
		const wanted = wishIn(draft);
		const kind = wishKindOf(wanted) ?? 'type';
		const text = JSON.stringify(SCHEDULE_WISHES[kind].parse(wanted));
		await this.#wishes.prepare(owner, JSON.parse(text) as Json, before?.seq ?? 0, now);
		const fields: ScheduleFields = { name, ...rule, wish: text, misfire, overlap, pauseAfter };
		return { fields, nextAt };
	}

	async #changed(row: ScheduleRow): Promise<ScheduleView> {
		this.#ticker.set(row);
		return this.#view(row);
	}

	async #view({ seq, id }: ScheduleRow): Promise<ScheduleView> {
		const row = await this.#ledger.read(readListed, seq);
		if (!row) throw new CodedError('not-found', `There is no schedule ${id}.`);
		return viewOf(row);
	}
}

/** An interval that stays the same goes on being counted from where it was. */
const ruleFrom = (
	{ cron, every, timeZone }: SchedulePreviewQuery,
	before: ScheduleRow | null,
	now: number,
): ScheduleRule => {
	if (cron !== undefined) return { cron: normalCron(cron), timeZone, everyMs: null, anchorAt: null };
	const everyMs = every as number;
	const anchorAt = before?.everyMs === everyMs ? before.anchorAt! : Math.floor(now / 1_000) * 1_000;
	return { cron: null, timeZone, everyMs, anchorAt };
};
