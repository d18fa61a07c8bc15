import type { Database } from 'better-sqlite3';
import { membersOf } from '../qos/member-store.ts';
import { CURRENT_GENERATION } from './all-sums.ts';
import { MONTHS_OF_ALL, MONTHS_OF_PEOPLE } from './rollup-cubes.ts';

/** The set of sums that counts. */
export const prepareGeneration = (db: Database): (() => number) => {
	const select = db.prepare(CURRENT_GENERATION).pluck();
	return () => select.get() as number;
};

/** What was charged in a month, in millionths. */
export interface Spent {
	byPerson(userSeq: number): number;
	/** By whoever is in the group now, or in one within it. */
	byGroup(groupSeq: number): number;
	inClass(name: string): number;
}

const SPENT = `SELECT coalesce(sum(amount_micro), 0) FROM usage_rollups
	WHERE generation IN (0, @generation) AND at = @month AND charged = 1`;

/** By a set of sums and that of forgotten records, of the month that begins then. What was not folded is not seen. */
export const prepareSpent = (db: Database): ((generation: number, month: number) => Spent) => {
	const ofPeople = `${SPENT} AND cube = ${MONTHS_OF_PEOPLE.code} AND owner_seq`;
	const person = db.prepare(`${ofPeople} = @userSeq`).pluck();
	const group = db.prepare(`${ofPeople} IN (${membersOf('@groupSeq')})`).pluck();
	const serviceClass = db
		.prepare(
			`${SPENT} AND cube = ${MONTHS_OF_ALL.code} AND owner_seq = 0
			 AND service_class = (SELECT seq FROM usage_names WHERE name = @name)`,
		)
		.pluck();
	return (generation, month) => ({
		byPerson: (userSeq) => person.get({ generation, month, userSeq }) as number,
		byGroup: (groupSeq) => group.get({ generation, month, groupSeq }) as number,
		inClass: (name) => serviceClass.get({ generation, month, name }) as number,
	});
};
