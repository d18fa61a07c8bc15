import { fitsPattern } from '../../shared/media-type-pattern.ts';
import type { JobWish } from '../../shared/protocol/job.ts';
import type { Json } from '../../shared/protocol/json.ts';
import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import { newId } from '../database/new-id.ts';
import type { FoundInput } from '../files/input-store.ts';
import { checkInputCount } from '../queue/check-parameters.ts';
import type { NewTask } from '../queue/submit-store.ts';
import { plainOrigin, type TaskOrigin } from '../queue/task-origin-store.ts';
import { notForOneFile, type ResolvedStep, type StepResolver } from '../recipes/step-resolver.ts';
import type { Terms, TermsOf } from '../recipes/task-terms.ts';
import { Skips } from './skips.ts';

/** Of one task, as JSON text. */
const MOST_INPUTS = 512 * 1024;
/** The class of the backfill lane. */
const BACKFILL = 'backfill';

/** A wish as a job keeps it: the steps as they were when it was made. */
export type StoredWish = Omit<JobWish, 'recipe' | 'title' | 'steps'> & {
	steps: RecipeStep[];
	recipe: string | null;
	recipeVersion: number | null;
};

/** Whose, and why. */
export interface JobSource {
	ownerSeq: number;
	cause: TaskOrigin['cause'];
	scheduleSeq: number | null;
	triggerSeq: number | null;
}

type Ready = { step: RecipeStep; place: number; resolved: ResolvedStep; terms: Terms };

/** Makes the tasks of jobs: each step for each file, or for all of them together. What cannot be made is skipped. */
export class JobTasks {
	readonly #resolver: StepResolver;
	readonly #termsOf: TermsOf;

	constructor(options: { resolver: StepResolver; termsOf: TermsOf }) {
		this.#resolver = options.resolver;
		this.#termsOf = options.termsOf;
	}

	/** `files` null: the wish is over none. */
	of(source: JobSource, wish: StoredWish, files: readonly (FoundInput | null)[] | null, now: number) {
		const skips = new Skips();
		const tasks: NewTask[] = [];
		const ready = this.#ready(source.ownerSeq, wish, skips, files?.length ?? 1);
		const make = (one: Ready, inputs: readonly FoundInput[]) => tasks.push(taskOf(source, wish, one, inputs, now));
		const there = (files ?? []).filter((file) => file !== null);
		for (const file of files ?? []) if (file === null) skips.add('The file is not there any more.', '');
		if (files === null) for (const one of ready) make(one, []);
		else if (wish.spread === 'together') this.#together(ready, there, skips, make);
		else {
			for (const file of there) {
				for (const one of ready) {
					const why = notForOneFile(one.resolved.manifest) ?? whyNot(wish, one, file);
					if (why === null) make(one, [file]);
					else skips.add(why, file.path);
				}
			}
		}
		return { tasks, skips };
	}

	#together(ready: readonly Ready[], files: FoundInput[], skips: Skips, make: (one: Ready, of: FoundInput[]) => void) {
		for (const one of ready) {
			const { manifest } = one.resolved;
			const wrong = files.find((file) => !fits(one, file));
			if (wrong) skips.add(`${manifest.name} does not take ${wrong.mimetype}.`, wrong.path);
			else if (files.length < manifest.inputs.min || files.length > manifest.inputs.max) {
				skips.add(`${manifest.name} does not take ${files.length} files.`, files[0]?.path ?? '');
			} else if (JSON.stringify(files).length > MOST_INPUTS) skips.add('The paths are too long together.', '');
			else make(one, files);
		}
	}

	/** Steps that can run now; the others are skipped for so many files. */
	#ready(ownerSeq: number, wish: StoredWish, skips: Skips, files: number): Ready[] {
		const ready: Ready[] = [];
		for (const [place, step] of wish.steps.entries()) {
			const resolved = this.#resolver.of(step);
			const terms = typeof resolved === 'string' ? resolved : this.terms(ownerSeq, wish, step, resolved);
			if (typeof resolved === 'string' || typeof terms === 'string') {
				for (let i = 0; i < files; i += 1) skips.add(terms as string, step.type);
			} else ready.push({ step, place, resolved, terms });
		}
		return ready;
	}

	terms(ownerSeq: number, wish: StoredWish, step: RecipeStep, { manifest }: ResolvedStep): Terms | string {
		const serviceClass = wish.lane === 'backfill' ? BACKFILL : (wish.serviceClass ?? step.serviceClass ?? null);
		const routingKey = wish.routingKey ?? step.routingKey ?? null;
		return this.#termsOf(ownerSeq, { routingKey, serviceClass, typeKey: manifest.routingKey });
	}
}

/** What is not known yet is judged by the task itself. */
const fits = ({ step, resolved }: Pick<Ready, 'step' | 'resolved'>, { mimetype }: FoundInput): boolean =>
	mimetype === null ||
	[resolved.manifest.inputs.mediaTypes, step.accepts ?? ['*/*']].every((patterns) =>
		patterns.some((pattern) => fitsPattern(mimetype, pattern)),
	);

const whyNot = ({ over }: StoredWish, one: Ready, file: FoundInput): string | null => {
	const { mimetype } = file;
	const wanted = over && 'folder' in over ? (over.mediaTypes ?? null) : null;
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
	files: readonly FoundInput[],
	now: number,
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
		...{ triggerSeq: source.triggerSeq, scheduleSeq: source.scheduleSeq },
		filing: (wish.results ?? step.results ?? null) as Json,
	},
	...{ dedupeKey: null, notBefore: null, expiresAt: null, after: [] },
});

/** Throws `inputs-invalid` unless the steps take as many files as the wish is over. */
export const checkCounts = (wish: StoredWish, resolved: readonly ResolvedStep[]): void => {
	const { over, spread } = wish;
	const count = over === undefined ? 0 : spread === 'each' || !('files' in over) ? 1 : over.files.length;
	for (const { manifest } of resolved) checkInputCount(manifest, count);
};
