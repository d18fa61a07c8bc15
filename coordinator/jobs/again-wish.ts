import { CodedError } from '../../shared/coded-error.ts';
import type { JobWish } from '../../shared/protocol/job.ts';
import { recipeStepSchema } from '../../shared/protocol/recipe.ts';
import type { JobRow } from './job-store.ts';
import type { StoredWish } from './job-tasks.ts';

/** The wish that a job was made of. One task of a schedule is a job of one step. Throws `wrong-state` for any other. */
const wishOf = ({ wish }: JobRow): StoredWish => {
	const stored = JSON.parse(wish) as StoredWish | { type?: string };
	if ('steps' in stored) return stored;
	const { inputs: _, ...asked } = stored as Record<string, unknown>;
	const step = recipeStepSchema.safeParse(asked);
	if (!step.success) throw new CodedError('wrong-state', 'Its tasks cannot be made again by a job; run it anew.');
	return { steps: [step.data], recipe: null, recipeVersion: null, spread: 'together', lane: 'fresh' };
};

/**
 * The wish to do again what failed of a job: its steps as they were, by the terms that it had unless others are asked for.
 * Throws `not-found` for another person's, and `wrong-state` for one that is not over.
 */
export const againWish = (
	ownerSeq: number,
	job: JobRow,
	asked: Omit<JobWish, 'recipe' | 'steps' | 'title'>,
): StoredWish => {
	if (job.ownerSeq !== ownerSeq) throw new CodedError('not-found', `There is no job ${job.id}.`);
	if (job.finishedAt === null) {
		throw new CodedError('wrong-state', 'The job is not over yet: wait for its end, or cancel it.');
	}
	const { steps, recipe, recipeVersion, spread, ...before } = wishOf(job);
	const { over, routingKey = before.routingKey, results = before.results } = asked;
	const isBackfill = asked.lane === 'backfill' || (before.lane === 'backfill' && asked.serviceClass === undefined);
	const serviceClass = isBackfill ? undefined : (asked.serviceClass ?? before.serviceClass);
	return {
		...{ steps, recipe, recipeVersion, spread, lane: isBackfill ? 'backfill' : 'fresh' },
		...(over === undefined ? {} : { over }),
		...(routingKey === undefined ? {} : { routingKey }),
		...(serviceClass === undefined ? {} : { serviceClass }),
		...(results === undefined ? {} : { results }),
	};
};
