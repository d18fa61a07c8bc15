import type { ThingKind } from '../../shared/protocol/live-updates.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { membersOf } from '../qos/member-store.ts';
import { BEGIN_NOTING, END_NOTING } from './change-triggers.ts';
import type { ThingChange } from './thing-events.ts';

/** More at once is not told one by one. */
const MOST_CHANGES = 2_000;

const isNoting = `SELECT 1 FROM sqlite_temp_schema WHERE name = 'changed_things'`;

/** From here on every transaction notes which things it changes; or none does. */
export const noteChanges = writeOperation('things.note-changes', (db) => {
	const noting = db.prepare(isNoting).pluck();
	return (isWanted: boolean): void => {
		if ((noting.get() !== undefined) === isWanted) return;
		db.exec(isWanted ? BEGIN_NOTING : END_NOTING);
	};
});

type Row = Omit<ThingChange, 'readers' | 'gone'> & { person: number; ofGroup: number; gone: number };

/** What was changed since it was last asked. `many`: too much to be told. */
export const takeChanges = writeOperation('things.take-changes', (db) => {
	const noting = db.prepare(isNoting).pluck();
	return (_: null): ThingChange[] | 'many' => {
		// Prepared each time: the table is there only while somebody watches. It may have been given up meanwhile.
		if (noting.get() === undefined) return [];
		const rows = db
			.prepare(
				`SELECT what, id, person, of_group AS ofGroup, version, gone FROM changed_things LIMIT ${MOST_CHANGES + 1}`,
			)
			.all() as (Row & { what: ThingKind })[];
		if (rows.length > 0) db.exec('DELETE FROM changed_things');
		if (rows.length > MOST_CHANGES) return 'many';
		return rows.map(({ person, ofGroup, gone, ...row }) => ({
			...row,
			gone: gone === 1,
			readers: person !== 0 ? { person } : ofGroup !== 0 ? { group: ofGroup } : 'everybody',
		}));
	};
});

/** Those of these people who are in a group or in one that lies in it. */
export const findMembers = readOperation('things.find-members', (db) => {
	const isMember = db.prepare(`SELECT 1 FROM (${membersOf('@group')}) WHERE user_seq = @person LIMIT 1`).pluck();
	return ({ group, people }: { group: number; people: readonly number[] }): number[] =>
		people.filter((person) => isMember.get({ group, person }) !== undefined);
});
