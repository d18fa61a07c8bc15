import { type RecipeDraft, recipeDraftSchema } from '../../shared/protocol/recipe.ts';
import { triggerDraftSchema } from '../../shared/protocol/trigger.ts';

/** What everybody begins with, and may change or delete: facts of every file, a small picture of pictures. */
export const DEFAULT_RECIPE: RecipeDraft = recipeDraftSchema.parse({
	name: 'Image basics',
	description: 'Finds the checksum and the type of every file, and makes a small picture of pictures.',
	steps: [{ type: 'md5' }, { type: 'mimetype' }, { type: 'thumbnail' }],
});

/** Started by every upload, wherever it goes, and whatever its name is: everything has facts, but for what no person means. */
export const DEFAULT_TRIGGER = triggerDraftSchema.omit({ recipe: true }).parse({ ignore: [], includeResults: true });
