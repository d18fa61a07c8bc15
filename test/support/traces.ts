import type Database from 'better-sqlite3';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The ordinary tables of a database. */
const tablesOf = (db: Database.Database): string[] =>
	db
		.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
		.pluck()
		.all() as string[];

const columnsOf = (db: Database.Database, table: string): string[] =>
	(db.pragma(`table_info(${quoted(table)})`) as { name: string }[]).map(({ name }) => name);

/** Where in a database a word stands, and how often: `table.column: 3`. Looks into every column of every table. */
export const tracesOfWord = (db: Database.Database, word: string): string[] =>
	tablesOf(db).flatMap((table) =>
		columnsOf(db, table).flatMap((column) => {
			const found = db
				.prepare(`SELECT count(*) FROM ${quoted(table)} WHERE instr(lower(CAST(${quoted(column)} AS TEXT)), ?)`)
				.pluck()
				.get(word.toLowerCase()) as number;
			return found === 0 ? [] : [`${table}.${column}: ${found}`];
		}),
	);

/** Tables that have rows of a person, by the columns that name people. */
export const tracesOfPerson = (db: Database.Database, userSeq: number): string[] =>
	tablesOf(db).flatMap((table) =>
		columnsOf(db, table)
			.filter((column) => column === 'owner_seq' || column === 'user_seq')
			.flatMap((column) => {
				const count = db.prepare(`SELECT count(*) FROM ${quoted(table)} WHERE ${quoted(column)} = ?`).pluck();
				const found = count.get(userSeq) as number;
				return found === 0 ? [] : [`${table}: ${found}`];
			}),
	);
