import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import type { FiringEvent, TriggerDraft } from '../../shared/protocol/trigger.ts';

/** A trigger that is switched on, with the recipe that it starts, as they were at a revision of their book. */
export interface BookTrigger {
	seq: number;
	/** Public id. */
	recipe: string;
	recipeVersion: number;
	steps: readonly RecipeStep[];
	draft: Omit<TriggerDraft, 'recipe' | 'enabled'>;
}

/** Whatever a person's files start, at one revision. */
export interface TriggerBook {
	revision: number;
	/** In the order in which they were made. */
	all: readonly BookTrigger[];
	/** The same list for two events that start the same triggers. */
	of(event: FiringEvent): readonly BookTrigger[];
}

export const bookOf = (revision: number, all: readonly BookTrigger[]): TriggerBook => {
	const select = (event: FiringEvent) => all.filter(({ draft }) => draft.events.includes(event));
	const upload = select('upload');
	const update = select('update');
	const isSame = upload.length === update.length && upload.every((one, i) => one === update[i]);
	const byEvent = { upload, update: isSame ? upload : update, access: select('access') };
	return { revision, all, of: (event) => byEvent[event] };
};
