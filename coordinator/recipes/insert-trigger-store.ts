import type { Database } from 'better-sqlite3';
import type { TriggerDraft } from '../../shared/protocol/trigger.ts';
import { newId } from '../database/new-id.ts';

/** A trigger as read, from `triggers t JOIN recipes r`. */
export interface TriggerRow {
	seq: number;
	id: string;
	ownerSeq: number;
	/** Public id. */
	recipe: string;
	version: number;
	folder: string;
	recursive: 0 | 1;
	mediaTypes: string;
	ignored: string;
	events: string;
	onResults: 0 | 1;
	routingKey: string | null;
	serviceClass: string | null;
	enabled: 0 | 1;
	createdAt: number;
}

export const TRIGGER_COLUMNS = `t.seq, t.id, t.owner_seq AS ownerSeq, r.id AS recipe, t.version, t.folder, t.recursive,
	t.media_types AS mediaTypes, t.ignored, t.events, t.on_results AS onResults, t.routing_key AS routingKey,
	t.service_class AS serviceClass, t.enabled, t.created_at AS createdAt`;

export const triggerDraftOf = (row: TriggerRow): TriggerDraft => ({
	recipe: row.recipe,
	folder: row.folder,
	recursive: row.recursive === 1,
	mediaTypes: JSON.parse(row.mediaTypes) as string[],
	ignore: JSON.parse(row.ignored) as string[],
	events: JSON.parse(row.events) as TriggerDraft['events'],
	includeResults: row.onResults === 1,
	routingKey: row.routingKey,
	serviceClass: row.serviceClass,
	enabled: row.enabled === 1,
});

/** A draft in the columns of its table. */
export const triggerColumns = (draft: Omit<TriggerDraft, 'recipe'>) => ({
	folder: draft.folder,
	recursive: draft.recursive ? 1 : 0,
	mediaTypes: JSON.stringify(draft.mediaTypes),
	ignored: JSON.stringify(draft.ignore),
	events: JSON.stringify(draft.events),
	onResults: draft.includeResults ? 1 : 0,
	routingKey: draft.routingKey,
	serviceClass: draft.serviceClass,
	enabled: draft.enabled ? 1 : 0,
});

/** Stores a new trigger inside somebody's transaction; answers its public id. */
export const prepareInsertTrigger = (db: Database) => {
	const insert = db.prepare(
		`INSERT INTO triggers (id, owner_seq, recipe_seq, folder, recursive, media_types, ignored, events, on_results,
		                       routing_key, service_class, enabled, created_at)
		 VALUES (@id, @ownerSeq, @recipeSeq, @folder, @recursive, @mediaTypes, @ignored, @events, @onResults,
		         @routingKey, @serviceClass, @enabled, @now)`,
	);
	return (trigger: {
		ownerSeq: number;
		recipeSeq: number;
		draft: Omit<TriggerDraft, 'recipe'>;
		now: number;
	}): string => {
		const { ownerSeq, recipeSeq, draft, now } = trigger;
		const id = newId('trigger', now);
		insert.run({ id, ownerSeq, recipeSeq, now, ...triggerColumns(draft) });
		return id;
	};
};
