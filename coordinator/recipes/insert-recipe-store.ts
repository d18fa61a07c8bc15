import type { Database } from 'better-sqlite3';
import { nameKey } from '../../shared/name-key.ts';
import type { RecipeDraft } from '../../shared/protocol/recipe.ts';
import { newId } from '../database/new-id.ts';

/** Versions of a recipe that are kept; older ones are forgotten. */
const MOST_VERSIONS = 100;

/** What of a recipe its versions keep. */
export const bodyOf = ({ description, steps }: RecipeDraft): string => JSON.stringify({ description, steps });

/** A recipe's newest version, with who made it. */
interface NoteVersion {
	seq: number;
	version: number;
	draft: RecipeDraft;
	actor: string;
	now: number;
}

export const prepareNoteVersion = (db: Database): ((version: NoteVersion) => void) => {
	const insert = db.prepare('INSERT INTO recipe_versions VALUES (?, ?, ?, ?, ?, ?)');
	const forget = db.prepare('DELETE FROM recipe_versions WHERE recipe_seq = ? AND version <= ?');
	return ({ seq, version, draft, actor, now }) => {
		insert.run(seq, version, draft.name, bodyOf(draft), now, actor);
		forget.run(seq, version - MOST_VERSIONS);
	};
};

/** Stores a new recipe inside somebody's transaction. */
export const prepareInsertRecipe = (db: Database) => {
	const insert = db.prepare(
		`INSERT INTO recipes (id, owner_seq, name, name_key, version, body, created_at, updated_at)
		 VALUES (?, ?, ?, ?, 1, ?, ?, ?)`,
	);
	const noteVersion = prepareNoteVersion(db);
	return (recipe: {
		ownerSeq: number;
		draft: RecipeDraft;
		actor: string;
		now: number;
	}): { seq: number; id: string } => {
		const { ownerSeq, draft, actor, now } = recipe;
		const id = newId('recipe', now);
		const made = insert.run(id, ownerSeq, draft.name, nameKey(draft.name), bodyOf(draft), now, now);
		const seq = Number(made.lastInsertRowid);
		noteVersion({ seq, version: 1, draft, actor, now });
		return { seq, id };
	};
};
