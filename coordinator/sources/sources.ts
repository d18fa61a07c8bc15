import { CodedError } from '../../shared/coded-error.ts';
import type {
	NewSource,
	SourceChange,
	SourceItem,
	SourceRunView,
	SourceUse,
	SourceView,
} from '../../shared/protocol/source.ts';
import type { Doer } from '../audit/doer.ts';
import { tellingOfRefusal } from '../budgets/refused.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { pageBySeq, readSeqCursor } from '../database/seq-cursor.ts';
import type { BlobStore } from '../files/blob-store.ts';
import type { PolicyBook } from '../qos/policy.ts';
import type { VersionCondition } from '../qos/version-condition.ts';
import { findAnswer } from '../queue/answer-store.ts';
import type { Idempotency } from '../queue/idempotency.ts';
import { queuedCapOf } from '../queue/queued-cap.ts';
import type { NewTask, Submitted } from '../queue/submit-store.ts';
import type { TaskTypes } from '../queue/task-types.ts';
import { nextTime } from '../schedules/next-time.ts';
import { ruleOf } from '../schedules/schedule-row.ts';
import { checkRule, normalCron } from '../schedules/schedule-rule.ts';
import { readSchedules } from '../schedules/schedule-store.ts';
import { monthOf } from '../source-runs/month.ts';
import type { SourceRow } from '../source-runs/source-row.ts';
import { type PrepareTask, taskOfSource, taskOfWork } from '../source-runs/source-task.ts';
import { listSourceRuns, listSources, readListedSource, readMonths, readParts, readSource } from './find-store.ts';
import { readItems } from './items.ts';
import { microsOf } from './money.ts';
import { addSource, changeSource, deleteSource, type SourceFields } from './source-store.ts';
import { runViewOf, sourceViewOf, useViewOf } from './source-views.ts';
import { pauseSource, readPausedWith, readRunning, resetSource, resumeSource, runSource } from './state-store.ts';

const MONTHS_TOLD = 12;

interface Page {
	limit: number;
	cursor?: string | undefined;
}

/** What sources need of what is around them. */
export interface SourcesParts {
	ledger: Ledger;
	types: Pick<TaskTypes, 'newest'>;
	policies: PolicyBook;
	blobs: Pick<BlobStore, 'readSmall'>;
	/** Checks a task and makes it ready to be stored. */
	prepare: PrepareTask;
	/** Brings what was stored into the line. */
	accepted: (submitted: readonly Submitted[], tasks: readonly NewTask[], now: number) => void;
	/** Schedules of these numbers have been made, changed or deleted. */
	schedulesChanged: (seqs: readonly number[]) => Promise<void>;
	now: () => number;
}

/** Topics that are gathered: made, changed, run, paused, begun anew, read. Whoever calls has checked that it may be done. */
export class Sources {
	readonly #o: SourcesParts;

	constructor(parts: SourcesParts) {
		this.#o = parts;
	}

	/** Whose it is. Throws `not-found`. */
	async ownerOf(id: string): Promise<number> {
		return (await this.#row(id)).ownerSeq;
	}

	/** Oldest first. `owner`: a person's number or public id, or null for everybody's. */
	async list(owner: number | string | null, page: Page): Promise<{ items: SourceView[]; nextCursor: string | null }> {
		const now = this.#o.now();
		const after = readSeqCursor(page.cursor) ?? 0;
		const rows = await this.#o.ledger.read(listSources, { owner, after, limit: page.limit + 1, now });
		return pageBySeq(rows, page.limit, (row) => sourceViewOf(row, now));
	}

	async read(id: string): Promise<SourceView> {
		const now = this.#o.now();
		return sourceViewOf(await this.#o.ledger.read(readListedSource, { id, now }), now);
	}

	/** With its dataset and, unless it is to run only when it is asked to, its schedule. */
	async create(ownerSeq: number, draft: NewSource, idempotency: Idempotency | null, by: Doer): Promise<SourceView> {
		const { ledger, types, schedulesChanged } = this.#o;
		const [before] = (idempotency && (await ledger.read(findAnswer, { ownerSeq, idempotency }))) ?? [];
		if (before !== undefined) return this.read(before);
		const now = this.#o.now();
		const { type, dataset = null } = draft;
		const manifest = types.newest(type)?.manifest;
		if (manifest && !manifest.source) {
			const message = `${type} gathers nothing: it reads no further from where it was left. Run it on a schedule instead.`;
			throw new CodedError('invalid', message, { fields: [{ path: 'type', message: 'is no type that gathers' }] });
		}
		await this.#check(ownerSeq, type, draft, now);
		const id = newId('source', now);
		const args = {
			...{ id, ownerSeq, type, dataset, idempotency, by, now },
			...{ datasetId: newId('dataset', now), scheduleId: newId('schedule', now) },
			fields: fieldsOf(draft),
			schedule: scheduleOf(id, draft.schedule, now),
		};
		const made = await ledger.write(addSource, args);
		await schedulesChanged(made.schedules);
		return this.read(made.id);
	}

	/** Makes it what it is to be; what runs goes on as it began. */
	async change(id: string, draft: SourceChange, condition: VersionCondition, by: Doer): Promise<SourceView> {
		const now = this.#o.now();
		const { ownerSeq, type } = await this.#row(id);
		await this.#check(ownerSeq, type, draft, now);
		await this.#o.ledger.write(changeSource, { id, fields: fieldsOf(draft), condition, by, now });
		return this.read(id);
	}

	async remove(id: string, condition: VersionCondition, by: Doer): Promise<void> {
		const now = this.#o.now();
		await this.#o.schedulesChanged(await this.#o.ledger.write(deleteSource, { id, condition, by, now }));
	}

	/** At once. When it is running already, that is what was asked for. */
	async run(id: string, by: Doer): Promise<{ task: string; started: boolean }> {
		const { ledger, policies, prepare, accepted } = this.#o;
		const now = this.#o.now();
		const source = await this.#row(id);
		const task = await taskOfSource(prepare, source, { now, scheduleSeq: null });
		const cap = queuedCapOf(policies.of(source.ownerSeq));
		try {
			const stored = ledger.write(runSource, { id, task, cap, by, now });
			const made = await tellingOfRefusal(ledger, source.ownerSeq, stored);
			accepted(made.submitted, [made.task], now);
			return { task: made.task.id, started: true };
		} catch (error) {
			if (!(error instanceof CodedError) || error.code !== 'source-running') throw error;
			const running = await ledger.read(readRunning, source.seq);
			if (running === null) throw error;
			return { task: running, started: false };
		}
	}

	/** With its schedules; what runs goes on. */
	async pause(id: string, reason: string | undefined, by: Doer): Promise<SourceView> {
		const args = { id, reason: reason ?? null, by, now: this.#o.now() };
		await this.#o.schedulesChanged(await this.#o.ledger.write(pauseSource, args));
		return this.read(id);
	}

	/** With those of its schedules that were paused with it. Throws why its next run could not begin. */
	async resume(id: string, by: Doer): Promise<SourceView> {
		const { ledger, prepare } = this.#o;
		const now = this.#o.now();
		await taskOfSource(prepare, await this.#row(id), { now, scheduleSeq: null });
		const seqs = await ledger.read(readPausedWith, id);
		const schedules = (await ledger.read(readSchedules, seqs)).flatMap((row) => {
			const nextAt = nextTime(ruleOf(row), now);
			return nextAt === null ? [] : [{ seq: row.seq, version: row.version, nextAt }];
		});
		await ledger.write(resumeSource, { id, schedules, by, now });
		await this.#o.schedulesChanged(seqs);
		return this.read(id);
	}

	/** The next run begins anew: what is there already may come again. `confirm`: its name. */
	async reset(id: string, confirm: string, by: Doer): Promise<SourceView> {
		await this.#o.ledger.write(resetSource, { id, confirm, by, now: this.#o.now() });
		return this.read(id);
	}

	/** What it has brought, newest first. */
	async items(id: string, page: Page): Promise<{ items: SourceItem[]; nextCursor: string | null }> {
		const { ledger, blobs } = this.#o;
		const { datasetSeq } = await this.#row(id);
		return readItems(
			{
				list: (from, limit) => ledger.read(readParts, { datasetSeq, from, limit }),
				read: ({ sha256, size }) => blobs.readSmall(sha256, size),
			},
			page,
		);
	}

	/** Newest first. */
	async runs(id: string, page: Page): Promise<{ items: SourceRunView[]; nextCursor: string | null }> {
		const { seq } = await this.#row(id);
		const before = readSeqCursor(page.cursor);
		const rows = await this.#o.ledger.read(listSourceRuns, { seq, before, limit: page.limit + 1 });
		return pageBySeq(rows, page.limit, runViewOf);
	}

	/** The last months, newest first. */
	async use(id: string): Promise<SourceUse[]> {
		const now = this.#o.now();
		const source = await this.#row(id);
		const months = await this.#o.ledger.read(readMonths, { seq: source.seq, month: monthOf(now), count: MONTHS_TOLD });
		return months.map(({ month, use }) => useViewOf(source, month, use, now));
	}

	#row(id: string): Promise<SourceRow> {
		return this.#o.ledger.read(readSource, id);
	}

	/** Throws what its runs would be refused for. */
	async #check(ownerSeq: number, type: string, draft: SourceChange, now: number): Promise<void> {
		const { parameters, secrets } = draft;
		await taskOfWork(this.#o.prepare, { type, parameters, secrets }, { ownerSeq, now });
	}
}

const fieldsOf = (draft: SourceChange): SourceFields => ({
	name: draft.name,
	parameters: JSON.stringify(draft.parameters),
	secrets: JSON.stringify(draft.secrets),
	mostItems: draft.mostItemsPerMonth,
	mostSpendMicros: draft.mostSpendPerMonth === null ? null : microsOf(draft.mostSpendPerMonth),
	priceMicros: microsOf(draft.pricePerItem),
});

/** Throws what is wrong with the times. */
const scheduleOf = (source: string, times: NewSource['schedule'], now: number) => {
	if (times === null) return null;
	const rule = { cron: normalCron(times.cron), timeZone: times.timeZone, everyMs: null, anchorAt: null };
	const [nextAt] = checkRule(rule, now) as [number];
	const policy = { misfire: 'once', overlap: 'skip', pauseAfter: 5 } as const;
	return { fields: { ...rule, ...policy, wish: JSON.stringify({ source }) }, nextAt };
};
