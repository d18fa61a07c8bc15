import type { Database } from 'better-sqlite3';
import { CodedError } from '../../shared/coded-error.ts';
import { nameKey } from '../../shared/name-key.ts';

/** Gives the number of somebody who is named by id or name, or by the id that a deleted person had. Throws `not-found`. */
export const preparePersonSeq = (db: Database): ((named: string) => number) => {
	const select = db
		.prepare(
			`SELECT coalesce((SELECT seq FROM users WHERE id = @named),
			   (SELECT user_seq FROM deleted_people WHERE user_id = @named),
			   (SELECT seq FROM users WHERE username_key = @key))`,
		)
		.pluck();
	return (named) => {
		const seq = select.get({ named, key: nameKey(named) }) as number | null;
		if (seq === null) throw new CodedError('not-found', `There is no user ${named}.`);
		return seq;
	};
};

/** Gives id and name of a person's number; of somebody who was deleted the id, and no name. */
export const preparePersonOf = (db: Database) => {
	const select = db.prepare(
		`SELECT coalesce(u.id, d.user_id) AS key, u.username AS name FROM (SELECT ? AS seq) p
		 LEFT JOIN users u ON u.seq = p.seq LEFT JOIN deleted_people d ON d.user_seq = p.seq`,
	);
	return (seq: number) => select.get(seq) as { key: string | null; name: string | null };
};
