import type { Database } from 'better-sqlite3';
import { type ClassBook, type Given, isValidAt, resolveClass } from './class-resolution.ts';
import { readSettings } from './stored-settings.ts';

/** Name of the class that a task goes by, in the transaction that asks. */
export type ClassOfTask = (ownerSeq: number, asked: string | null) => string;

const MOST_PARSED = 1_000;

/** For the time of one call: classes and groups are read when they are first needed. */
export const prepareClassOf = (db: Database): ((now: number) => ClassOfTask) => {
	const classes = db.prepare('SELECT name, version, settings FROM service_classes');
	const groups = db.prepare('SELECT seq, name, parent_seq AS parentSeq, service_class AS serviceClass FROM groups');
	const ownOf = db.prepare('SELECT service_class FROM users WHERE seq = ?').pluck();
	const groupsOf = db.prepare('SELECT group_seq FROM group_members WHERE user_seq = ?').pluck();
	/** By their text. */
	const parsed = new Map<string, ReturnType<typeof readSettings>>();
	const settingsOf = (text: string) => {
		let settings = parsed.get(text);
		if (!settings) {
			if (parsed.size >= MOST_PARSED) parsed.clear();
			settings = readSettings(text);
			parsed.set(text, settings);
		}
		return settings;
	};

	const read = (): ClassBook => {
		const all = groups.all() as { seq: number; name: string; parentSeq: number | null; serviceClass: string | null }[];
		return {
			classes: new Map(
				(classes.all() as { name: string; version: number; settings: string }[]).map(({ settings, ...rest }) => [
					rest.name,
					{ ...rest, settings: settingsOf(settings) },
				]),
			),
			groups: new Map(all.map(({ seq, ...group }) => [seq, group])),
			parentOf: new Map(all.map(({ seq, parentSeq }) => [seq, parentSeq])),
		};
	};

	return (now) => {
		let book: ClassBook | null = null;
		const owners = new Map<number, string>();
		return (ownerSeq, asked) => {
			book ??= read();
			const named = asked === null ? undefined : book.classes.get(asked);
			if (named && isValidAt(named.settings, now)) return named.name;
			let own = owners.get(ownerSeq);
			if (own === undefined) {
				const given: Given = {
					own: (ownOf.get(ownerSeq) as string | null | undefined) ?? null,
					groups: groupsOf.all(ownerSeq) as number[],
				};
				own = resolveClass(given, book, now).serviceClass;
				owners.set(ownerSeq, own);
			}
			return own;
		};
	};
};
