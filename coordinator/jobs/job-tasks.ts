import { fitsPattern } from '../../shared/media-type-pattern.ts';
import type { JobWish } from '../../shared/protocol/job.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import { newId } from '../database/new-id.ts';
import { fitsName, isClutter, nameOf } from '../files/path-match.ts';
import { checkInputCount } from '../queue/check-parameters.ts';
import type { NewTask } from '../queue/submit-store.ts';
import { plainOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';
import { notForOneFile, type ResolvedStep, type StepResolver } from '../recipes/step-resolver.ts';
import type { Terms, TermsOf } from '../recipes/task-terms.ts';
import type { Known } from './read-known.ts';
import type { AgainTask, Found, PinnedSelection, SelectionPage } from './selections.ts';
import { Skips } from './skips.ts';

/** Of one task, as JSON text. */
const MOST_INPUTS = 512 * 1024;
/** The class of the backfill lane. */
const BACKFILL = 'backfill';

/** A wish as a job keeps it: the steps as they were when it was made. */
export type StoredWish = Omit<JobWish, 'recipe' | 'title' | 'steps' | 'over'> & {
	over?: PinnedSelection | undefined;
	steps: RecipeStep[];
	recipe: string | null;
	recipeVersion: number | null;
	/** Of a trigger that is applied to what is there already. */
	applied?: { ignore: string[]; again: boolean; includeResults: boolean };
};

/** Whose, and why. */
export interface JobSource {
	ownerSeq: number;
	cause: TaskOrigin['cause'];
	scheduleSeq: number | null;
	triggerSeq: number | null;
}

type Ready = { step: RecipeStep; place: number; resolved: ResolvedStep; terms: Terms };
/** What led to a task that is made again. */
type Led = Pick<TaskOrigin, 'triggerSeq' | 'lineage'>;
type Make = (one: Ready, inputs: readonly Found[], led?: Led) => void;

const NOT_THERE = 'The file is not there any more.';
const ANY_RESULT = 'A task has made the file, and the trigger is not for results.';
const OWN_RESULT = 'The recipe has made the file itself; name it by its id to have it worked on.';

/** Makes the tasks of jobs: each step for each file, or for all of them together. What cannot be made is skipped. */
export class JobTasks {
	readonly #resolver: StepResolver;
	readonly #termsOf: TermsOf;

	constructor(options: { resolver: StepResolver; termsOf: TermsOf }) {
		this.#resolver = options.resolver;
		this.#termsOf = options.termsOf;
	}

	/** `page` null: the wish is over nothing. */
	of(source: JobSource, wish: StoredWish, page: SelectionPage | null, now: number, known: Known) {
		const skips = new Skips();
		const tasks: NewTask[] = [];
		const steps = this.#steps(source.ownerSeq, wish, known);
		const make: Make = (one, inputs, led) => tasks.push(taskOf(source, wish, one, inputs, now, led));
		if (page?.lost) skips.add(page.lost, '');
		if (page?.again) this.#again(steps, page.again, skips, make);
		else {
			const there: Found[] = [];
			for (const file of page?.files ?? []) {
				if (file === null) skips.add(NOT_THERE, '');
				// Otherwise a recipe that runs every day would each day work on what it made the day before.
				else if (file.fileSeq !== null && known.own.has(file.fileSeq)) skips.add(OWN_RESULT, file.path);
				else if (file.fileSeq !== null && known.results.has(file.fileSeq)) skips.add(ANY_RESULT, file.path);
				else there.push(file);
			}
			const ready = readyOf(steps, wish, skips, page?.files.length ?? 1);
			if (page === null) for (const one of ready) make(one, []);
			else if (wish.spread === 'together') this.#together(ready, there, skips, make);
			else this.#each(ready, wish, there, skips, make, known.done);
		}
		return { tasks, skips };
	}

	#each(
		ready: readonly Ready[],
		wish: StoredWish,
		files: readonly Found[],
		skips: Skips,
		make: Make,
		done: ReadonlySet<number>,
	): void {
		for (const file of files) {
			if (file.fileSeq !== null && done.has(file.fileSeq)) {
				skips.add('The trigger has fired for it before.', file.path);
				continue;
			}
			for (const one of ready) {
				const why = notForOneFile(one.resolved.manifest) ?? whyNot(wish, one, file);
				if (why === null) make(one, [file]);
				else skips.add(why, file.path);
			}
		}
	}

	#together(ready: readonly Ready[], files: Found[], skips: Skips, make: Make): void {
		for (const one of ready) {
			const why = whyNotTogether(one, files);
			if (why === null) make(one, files);
			else skips.add(why.reason, why.example);
		}
	}

	/** Tasks that failed, each by itself, with what led to it. */
	#again(steps: readonly (Ready | string)[], failed: readonly AgainTask[], skips: Skips, make: Make): void {
		for (const { step, inputs, ...led } of failed) {
			const one = steps[step ?? 0] ?? 'The job has no such step.';
			const files = inputs.filter((file) => file !== null);
			const why =
				typeof one === 'string'
					? { reason: one, example: files[0]?.path ?? '' }
					: files.length < inputs.length
						? { reason: NOT_THERE, example: files[0]?.path ?? '' }
						: whyNotTogether(one, files);
			if (why === null) make(one as Ready, files, led);
			else skips.add(why.reason, why.example);
		}
	}

	/** Each step as it can run now, or why it cannot. */
	#steps(ownerSeq: number, wish: StoredWish, { secrets }: Known): (Ready | string)[] {
		return wish.steps.map((step, place) => {
			const gone = Object.values(step.secrets ?? {}).find((id) => !secrets.has(id));
			if (gone !== undefined) return `The secret ${gone} is not there any more.`;
			const resolved = this.#resolver.of(step);
			const terms = typeof resolved === 'string' ? resolved : this.terms(ownerSeq, wish, step, resolved);
			if (typeof resolved === 'string' || typeof terms === 'string') return terms as string;
			return { step, place, resolved, terms };
		});
	}

	terms(ownerSeq: number, wish: StoredWish, step: RecipeStep, { manifest }: ResolvedStep): Terms | string {
		const serviceClass = wish.lane === 'backfill' ? BACKFILL : (wish.serviceClass ?? step.serviceClass ?? null);
		const routingKey = wish.routingKey ?? step.routingKey ?? null;
		return this.#termsOf(ownerSeq, { routingKey, serviceClass, typeKey: manifest.routingKey });
	}
}

/** Those that can run; the others are skipped for so many files. */
const readyOf = (
	steps: readonly (Ready | string)[],
	{ steps: asked }: StoredWish,
	skips: Skips,
	files: number,
): Ready[] =>
	steps.flatMap((one, place) => {
		if (typeof one !== 'string') return one;
		for (let i = 0; i < files; i += 1) skips.add(one, asked[place]?.type ?? '');
		return [];
	});

/** Why a step cannot be given these files as one task. */
const whyNotTogether = (one: Ready, files: readonly Found[]): { reason: string; example: string } | null => {
	const { name, inputs } = one.resolved.manifest;
	const example = files[0]?.path ?? '';
	const wrong = files.find((file) => !fits(one, file));
	if (wrong) return { reason: `${name} does not take ${wrong.mimetype}.`, example: wrong.path };
	if (files.length < inputs.min || files.length > inputs.max) {
		return { reason: `${name} does not take ${files.length} files.`, example };
	}
	return JSON.stringify(files).length > MOST_INPUTS
		? { reason: 'The paths are too long together.', example: '' }
		: null;
};

/** What is not known yet is judged by the task itself. */
const fits = ({ step, resolved }: Pick<Ready, 'step' | 'resolved'>, { mimetype }: Found): boolean =>
	mimetype === null ||
	[resolved.manifest.inputs.mediaTypes, step.accepts ?? ['*/*']].every((patterns) =>
		patterns.some((pattern) => fitsPattern(mimetype, pattern)),
	);

const whyNot = ({ over, applied }: StoredWish, one: Ready, file: Found): string | null => {
	const { mimetype } = file;
	if (applied && (isClutter(nameOf(file.path)) || fitsName(nameOf(file.path), applied.ignore))) {
		return 'The trigger leaves files of such names alone.';
	}
	const wanted = over && 'mediaTypes' in over ? (over.mediaTypes ?? null) : null;
	if (wanted !== null && mimetype === null) return 'It is not known yet what the file is.';
	if (wanted !== null && !wanted.some((pattern) => fitsPattern(mimetype ?? '', pattern))) {
		return 'The file is of another type than those that were asked for.';
	}
	return fits(one, file) ? null : `${one.resolved.manifest.name} is not for ${mimetype}.`;
};

const taskOf = (
	source: JobSource,
	wish: StoredWish,
	{ step, place, resolved, terms }: Ready,
	files: readonly Found[],
	now: number,
	led: Led = { triggerSeq: source.triggerSeq, lineage: [] },
): NewTask => ({
	...{ id: newId('task', now), ownerSeq: source.ownerSeq, typeSeq: resolved.typeSeq, ...terms },
	priority: step.priority,
	parameters: resolved.parameters,
	inputs: JSON.stringify(files.map(({ mimetype: _, ...input }) => input)),
	fileSeq: files[0]?.fileSeq ?? null,
	jobSeq: null,
	origin: {
		...plainOrigin(source.cause),
		...{ recipe: wish.recipe, recipeVersion: wish.recipeVersion, step: place },
		...led,
		scheduleSeq: source.scheduleSeq,
		filing: (wish.results ?? step.results ?? null) as Json,
		given: step.secrets ? { secrets: step.secrets } : null,
	},
	...{ dedupeKey: null, notBefore: null, expiresAt: null, after: [] },
});

/** Throws `inputs-invalid` unless the steps take as many files as the wish is over. */
export const checkCounts = (wish: StoredWish, resolved: readonly ResolvedStep[]): void => {
	const { over, spread } = wish;
	// As many as each of its tasks had.
	if (over && 'job' in over) return;
	const count = over === undefined ? 0 : spread === 'each' || !('files' in over) ? 1 : over.files.length;
	for (const { manifest } of resolved) checkInputCount(manifest, count);
};
