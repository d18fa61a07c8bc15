import type { Database } from 'better-sqlite3';

/** Names of one kind that are told. */
const MOST_NAMES = 4;

/** Whether a person has a secret: asked inside the transaction that stores what names it. */
export const prepareOwnsSecret = (db: Database): ((ownerSeq: number, id: string) => boolean) => {
	const find = db.prepare('SELECT 1 FROM secrets WHERE owner_seq = ? AND id = ?').pluck();
	return (ownerSeq, id) => find.get(ownerSeq, id) !== undefined;
};

/** What keeps a secret's id to be given to tasks that are not there yet, each with how its names are found. */
const KINDS: readonly { word: string; names: string }[] = [
	{
		word: 'recipe',
		names: `SELECT DISTINCT r.name FROM recipes r, json_each(r.body, '$.steps') s, json_each(s.value, '$.secrets') n
			WHERE r.owner_seq = @ownerSeq AND n.value = @id`,
	},
	{
		word: 'schedule',
		names: `SELECT DISTINCT s.name FROM schedules s, json_each(s.wish, '$.secrets') n
			WHERE s.owner_seq = @ownerSeq AND n.value = @id`,
	},
	{
		word: 'source',
		names: `SELECT DISTINCT s.name FROM sources s, json_each(s.secrets) n WHERE s.owner_seq = @ownerSeq AND n.value = @id`,
	},
	{
		word: 'job',
		names: `SELECT DISTINCT j.title FROM jobs j, json_each(j.wish, '$.steps') s, json_each(s.value, '$.secrets') n
			WHERE j.owner_seq = @ownerSeq AND j.fed_at IS NULL AND j.finished_at IS NULL AND n.value = @id`,
	},
];

/** What of its owner's names a secret, such as `the recipe Pull, the schedules a, b`; null when nothing does. */
export const prepareNamersOf = (db: Database): ((ownerSeq: number, id: string) => string | null) => {
	const kinds = KINDS.map(({ word, names }) => ({
		word,
		select: db.prepare(`${names} ORDER BY 1 LIMIT ${MOST_NAMES + 1}`).pluck(),
	}));
	return (ownerSeq, id) => {
		const words = kinds.flatMap(({ word, select }) => {
			const names = select.all({ ownerSeq, id }) as string[];
			if (names.length === 0) return [];
			const told = names.slice(0, MOST_NAMES).join(', ');
			return `the ${word}${names.length === 1 ? '' : 's'} ${told}${names.length > MOST_NAMES ? ' and more' : ''}`;
		});
		return words.length === 0 ? null : words.join('; ');
	};
};
