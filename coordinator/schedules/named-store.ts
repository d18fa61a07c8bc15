import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { prepareOwnsSecret } from '../secrets/named-store.ts';

/**
 * Throws when a recipe, a source or a secret that a wish names has gone since it was checked. Asked in the transaction
 * that stores the wish, as who deletes one asks the schedules in theirs: so none is ever without what it names.
 */
export const prepareRequireNamed = (db: Database): ((ownerSeq: number, wish: string) => void) => {
	const recipeOf = db.prepare('SELECT 1 FROM recipes WHERE id = ? AND owner_seq = ?').pluck();
	const sourceOf = db.prepare('SELECT 1 FROM sources WHERE id = ? AND owner_seq = ?').pluck();
	const owns = prepareOwnsSecret(db);
	return (ownerSeq, wish) => {
		const {
			recipe,
			source,
			secrets = {},
		} = JSON.parse(wish) as {
			recipe?: string;
			source?: string;
			secrets?: Record<string, string>;
		};
		if (recipe !== undefined && recipeOf.get(recipe, ownerSeq) === undefined) {
			throw new CodedError('not-found', `There is no recipe ${recipe} any more.`);
		}
		if (source !== undefined && sourceOf.get(source, ownerSeq) === undefined) {
			throw new CodedError('not-found', `There is no source ${source} any more.`);
		}
		for (const secret of Object.values(secrets)) {
			if (owns(ownerSeq, secret)) continue;
			throw new CodedError(
				'secret-missing',
				`There is no secret ${secret} any more. Make it anew, and name the new one.`,
			);
		}
	};
};
