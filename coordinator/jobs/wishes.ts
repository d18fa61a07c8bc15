import { CodedError } from '../../shared/coded-error.ts';
import type { JobWish, Selection } from '../../shared/protocol/job.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { formatPath, parsePath } from '../files/safe-path.ts';
import type { NewTask } from '../queue/submit-store.ts';
import type { RecipeRules } from '../recipes/recipe-rules.ts';
import { draftOf, readRecipe } from '../recipes/recipe-store.ts';
import type { ResolvedStep, StepResolver } from '../recipes/step-resolver.ts';
import type { NewJob } from './insert-job-store.ts';
import { checkCounts, type JobSource, type JobTasks, type StoredWish } from './job-tasks.ts';
import { hasFolder, readSelection } from './selection-store.ts';

/** Of a job with no more tasks than these all are made at once. */
const MOST_AT_ONCE = 500;

/** A wish that can become a job: `prepareBeginJob` writes it down; what `isFeeding` is then given to the feeder. */
export interface PreparedWish {
	job: NewJob;
	/** All of its tasks, or none when it is fed. */
	tasks: NewTask[];
	skips: Record<string, number>;
}

/** Whose wish, and why it is one. */
export type WishSource = JobSource & { cause: NewJob['cause'] };

/** Turns what is wished for into a job: by people, by schedules, and by triggers for what is there already. */
export class Wishes {
	readonly #ledger: Ledger;
	readonly #resolver: StepResolver;
	readonly #rules: RecipeRules;
	readonly #jobTasks: JobTasks;

	constructor(options: { ledger: Ledger; resolver: StepResolver; rules: RecipeRules; jobTasks: JobTasks }) {
		this.#ledger = options.ledger;
		this.#resolver = options.resolver;
		this.#rules = options.rules;
		this.#jobTasks = options.jobTasks;
	}

	/**
	 * The job that a wish comes to. Throws when it can come to nothing: `not-found`, `recipe-broken`, `inputs-invalid`,
	 * `queue-not-allowed`.
	 */
	async prepare(
		source: WishSource,
		wish: JobWish,
		now: number,
		applied?: StoredWish['applied'],
	): Promise<PreparedWish> {
		const { stored, title } = await this.check(source.ownerSeq, wish, now);
		if (applied) stored.applied = applied;
		const { ownerSeq, cause, scheduleSeq, triggerSeq } = source;
		const { over, steps, spread, recipe, recipeVersion } = stored;
		const files = over === undefined ? 1 : 'files' in over ? over.files.length : null;
		const count = files === null ? null : steps.length * (spread === 'each' ? files : 1);
		const isFeeding = count === null || count > MOST_AT_ONCE;
		const job: NewJob = {
			...{ id: newId('job', now), ownerSeq, cause, title, recipe, recipeVersion, scheduleSeq, triggerSeq, now },
			...{ wish: stored as unknown as Json, planned: count, isFeeding },
		};
		if (isFeeding) return { job, tasks: [], skips: {} };
		const inputs = over && (await this.#all(ownerSeq, over));
		const { tasks, skips } = this.#jobTasks.of(source, stored, inputs ?? null, now);
		return { job, tasks, skips: skips.counts() };
	}

	/** The wish as it is kept: with the recipe's steps, and everything in it checked. */
	async check(ownerSeq: number, wish: JobWish, now: number): Promise<{ stored: StoredWish; title: string }> {
		const { recipe, steps: own, title, ...rest } = wish;
		const saved = recipe === undefined ? null : await this.#recipeOf(ownerSeq, recipe);
		const steps = saved?.steps ?? own ?? [];
		this.#rules.check(ownerSeq, steps);
		const stored: StoredWish = { ...rest, steps, recipe: recipe ?? null, recipeVersion: saved?.version ?? null };
		const { over } = rest;
		if (over && 'folder' in over) {
			const folder = formatPath(parsePath(over.folder));
			if (!(await this.#ledger.read(hasFolder, { ownerSeq, folder }))) {
				throw new CodedError('not-found', `There is no folder ${folder}.`);
			}
			// What comes in while the job is being made is not meant, its own results least of all: it would never end.
			stored.over = { ...over, folder, modifiedBefore: over.modifiedBefore ?? new Date(now + 1).toISOString() };
		}
		if (rest.results?.folder !== undefined) parsePath(rest.results.folder);
		const resolved = steps.map((step) => this.#resolver.of(step)) as ResolvedStep[];
		checkCounts(stored, resolved);
		for (const [place, step] of steps.entries()) {
			const terms = this.#jobTasks.terms(ownerSeq, stored, step, resolved[place]!);
			if (typeof terms === 'string') throw new CodedError('queue-not-allowed', terms);
		}
		return {
			stored,
			title:
				title ??
				saved?.name ??
				steps
					.map(({ type }) => type)
					.join(', ')
					.slice(0, 200),
		};
	}

	async #recipeOf(ownerSeq: number, id: string) {
		const row = await this.#ledger.read(readRecipe, id);
		if (row.ownerSeq !== ownerSeq) throw new CodedError('not-found', `There is no recipe ${id}.`);
		return { ...draftOf(row), version: row.version };
	}

	async #all(ownerSeq: number, over: Selection) {
		const limit = 'files' in over ? over.files.length : 0;
		return (await this.#ledger.read(readSelection, { ownerSeq, over, cursor: null, limit })).files;
	}
}
