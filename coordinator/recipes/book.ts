import type { RecipeStep } from '../../shared/protocol/recipe.ts';
import type { FiringEvent, TriggerDraft } from '../../shared/protocol/trigger.ts';

/** A trigger that is switched on, with the recipe that it starts, as they were at a revision of their book. */
export interface BookTrigger {
	/** Below zero for a recipe's inbox, which has no row: that of the recipe, negated. */
	seq: number;
	/** Public id. */
	recipe: string;
	recipeVersion: number;
	steps: readonly RecipeStep[];
	draft: Omit<TriggerDraft, 'recipe' | 'enabled'>;
}

/** Whether it is a recipe's inbox: it stands back where a trigger of the same recipe has started it. */
export const isInbox = (triggerSeq: number): boolean => triggerSeq < 0;

/** Whatever a person's files start, at one revision. */
export interface TriggerBook {
	revision: number;
	/** In the order in which they were made, and the inboxes of recipes after them. */
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
