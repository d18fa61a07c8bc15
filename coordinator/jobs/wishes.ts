import { CodedError } from '../../shared/coded-error.ts';
import type { JobWish } from '../../shared/protocol/job.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { Ledger } from '../database/ledger.ts';
import { newId } from '../database/new-id.ts';
import { parsePath } from '../files/safe-path.ts';
import type { PolicyBook } from '../qos/policy.ts';
import { missingSecret } from '../queue/check-secrets.ts';
import { queuedCapOf } from '../queue/queued-cap.ts';
import type { NewTask } from '../queue/submit-store.ts';
import type { RecipeRules } from '../recipes/recipe-rules.ts';
import { draftOf, readRecipe } from '../recipes/recipe-store.ts';
import type { ResolvedStep, StepResolver } from '../recipes/step-resolver.ts';
import { againWish } from './again-wish.ts';
import type { NewJob } from './insert-job-store.ts';
import { readJob } from './job-store.ts';
import { checkCounts, type JobSource, type JobTasks, type StoredWish } from './job-tasks.ts';
import { readKnown } from './read-known.ts';
import type { Selections } from './selections.ts';

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
	readonly #selections: Selections;
	readonly #policies: PolicyBook;
	readonly #checkNew: (routingKey: string) => void;

	constructor(options: {
		ledger: Ledger;
		resolver: StepResolver;
		rules: RecipeRules;
		jobTasks: JobTasks;
		selections: Selections;
		policies: PolicyBook;
		/** Throws when a key reaches a queue that takes no new tasks. */
		checkNew: (routingKey: string) => void;
	}) {
		this.#ledger = options.ledger;
		this.#resolver = options.resolver;
		this.#rules = options.rules;
		this.#jobTasks = options.jobTasks;
		this.#selections = options.selections;
		this.#policies = options.policies;
		this.#checkNew = options.checkNew;
	}

	/**
	 * The job that a wish comes to. Throws when it can come to nothing: `not-found`, `recipe-broken`, `inputs-invalid`,
	 * `queue-not-allowed`, `queue-draining`, `too-many-queued`, `licence-not-accepted`, `wrong-state`.
	 */
	async prepare(asked: WishSource, wish: JobWish, now: number, applied?: StoredWish['applied']): Promise<PreparedWish> {
		const { stored, title } = await this.check(asked.ownerSeq, wish, now);
		const source: WishSource = wish.over && 'job' in wish.over ? { ...asked, cause: 'again' } : asked;
		if (applied) stored.applied = applied;
		const { ownerSeq, cause, scheduleSeq, triggerSeq } = source;
		const { over, steps, spread, recipe, recipeVersion } = stored;
		const files = over === undefined ? 1 : 'files' in over ? over.files.length : null;
		const count = files === null ? null : steps.length * (spread === 'each' ? files : 1);
		// What the class does not let through at once is fed, as what is larger is.
		const isFeeding = over !== undefined && (count === null || count > this.#mostAtOnce(ownerSeq));
		const job: NewJob = {
			...{ id: newId('job', now), ownerSeq, cause, title, recipe, recipeVersion, scheduleSeq, triggerSeq, now },
			...{ wish: stored as unknown as Json, planned: count, isFeeding },
		};
		if (isFeeding) return { job, tasks: [], skips: {} };
		const page = over ? await this.#selections.page(ownerSeq, over, null, files ?? 0) : null;
		const known = await readKnown(this.#ledger, source, stored, page);
		const { tasks, skips } = this.#jobTasks.of(source, stored, page, now, known);
		return { job, tasks, skips: skips.counts() };
	}

	/** The wish as it is kept: with its steps as they are now, and everything in it checked. */
	async check(ownerSeq: number, wish: JobWish, now: number): Promise<{ stored: StoredWish; title: string }> {
		const { stored, title } = await this.#whole(ownerSeq, wish);
		const { steps, over, results } = stored;
		this.#rules.check(ownerSeq, steps);
		await this.#requireSecrets(ownerSeq, stored);
		if (over) stored.over = await this.#selections.pin(ownerSeq, over, now);
		if (results?.folder !== undefined) parsePath(results.folder);
		const resolved = steps.map((step) => this.#resolver.of(step)) as ResolvedStep[];
		checkCounts(stored, resolved);
		this.#requireRoom(ownerSeq, stored);
		for (const [place, step] of steps.entries()) {
			const terms = this.#jobTasks.terms(ownerSeq, stored, step, resolved[place]!);
			if (typeof terms === 'string') throw new CodedError('queue-not-allowed', terms);
			this.#checkNew(terms.routingKey);
		}
		return { stored, title: wish.title ?? title };
	}

	#mostAtOnce(ownerSeq: number): number {
		const policy = this.#policies.of(ownerSeq);
		const burst = policy.settings.rates.submits?.burst ?? MOST_AT_ONCE;
		return Math.min(MOST_AT_ONCE, burst, queuedCapOf(policy)?.most ?? MOST_AT_ONCE);
	}

	/** The steps of one file are made together. When they never may, the job would wait for ever. */
	#requireRoom(ownerSeq: number, { over, steps }: StoredWish): void {
		const cap = queuedCapOf(this.#policies.of(ownerSeq));
		if (!cap || steps.length <= cap.most || (over && 'job' in over)) return;
		throw new CodedError(
			'too-many-queued',
			`Your service class ${cap.serviceClass} lets ${cap.most} of your tasks wait at a time (caps.queued), and there are ${steps.length} steps. Use fewer steps, or ask an administrator for a higher cap.`,
		);
	}

	/** With the steps of its recipe, or of the job that it is to do again. */
	async #whole(ownerSeq: number, wish: JobWish): Promise<{ stored: StoredWish; title: string }> {
		const { recipe, steps = [], title: _, ...rest } = wish;
		if (rest.over && 'job' in rest.over) {
			const job = await this.#ledger.read(readJob, rest.over.job);
			return { stored: againWish(ownerSeq, job, rest), title: job.title };
		}
		if (recipe === undefined) {
			const types = steps.map(({ type }) => type).join(', ');
			return { stored: { ...rest, steps, recipe: null, recipeVersion: null }, title: types.slice(0, 200) };
		}
		const saved = await this.#recipeOf(ownerSeq, recipe);
		return { stored: { ...rest, steps: saved.steps, recipe, recipeVersion: saved.version }, title: saved.name };
	}

	async #requireSecrets(ownerSeq: number, stored: StoredWish): Promise<void> {
		const { secrets } = await readKnown(this.#ledger, { ownerSeq, triggerSeq: null }, stored, null);
		for (const [place, step] of stored.steps.entries()) {
			for (const [slot, id] of Object.entries(step.secrets ?? {})) {
				if (!secrets.has(id)) throw missingSecret(`steps[${place}].secrets.${slot}`, id);
			}
		}
	}

	async #recipeOf(ownerSeq: number, id: string) {
		const row = await this.#ledger.read(readRecipe, id);
		if (row.ownerSeq !== ownerSeq) throw new CodedError('not-found', `There is no recipe ${id}.`);
		return { ...draftOf(row), version: row.version };
	}
}
