import type Database from 'better-sqlite3';

interface Column {
	name: string;
	type: string;
	pk: number;
}

/** What is read as JSON, and so must be some. */
const jsonOf = (word: string): Record<string, string> => ({
	'nodes.queues': JSON.stringify([word]),
	'nodes.capabilities': JSON.stringify({
		...{ cores: 8, memoryBytes: 1, hardware: { [word.toLowerCase()]: 1 }, labels: { [word]: word }, sandbox: 'none' },
		...{ taskTypes: [], platform: word, agentVersion: word },
	}),
});

/** Puts a word into every column of text and bytes of every table, whatever may really be there; into an empty one with a row. */
export const fillEverything = (db: Database.Database, word: string): void => {
	const list = (sql: string) => db.prepare(sql).pluck().all() as string[];
	db.pragma('foreign_keys = OFF');
	db.pragma('ignore_check_constraints = ON');
	for (const name of list(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)) db.exec(`DROP TRIGGER "${name}"`);
	const json = jsonOf(word);
	for (const table of list(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)) {
		const columns = db.pragma(`table_info("${table}")`) as Column[];
		const texts = columns.filter(({ type }) => type === 'TEXT' || type === 'BLOB');
		const fillOf = ({ name, type }: Column, text = word) => {
			if (type === 'TEXT') return json[`${table}.${name}`] ?? text;
			return type === 'BLOB' ? Buffer.from(word) : 1;
		};
		if (db.prepare(`SELECT count(*) FROM "${table}"`).pluck().get() === 0) {
			const names = columns.map(({ name }) => `"${name}"`).join(', ');
			const places = columns.map(() => '?').join(', ');
			const insert = db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`);
			try {
				insert.run(columns.map((column) => fillOf(column)));
			} catch (error) {
				// An index looks into it.
				if (!(error as Error).message.includes('JSON')) throw error;
				insert.run(columns.map((column) => fillOf(column, JSON.stringify(word))));
			}
		} else {
			for (const column of texts) {
				db.prepare(`UPDATE OR IGNORE "${table}" SET "${column.name}" = ?`).run(fillOf(column));
			}
		}
	}
};
