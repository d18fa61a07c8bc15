import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { manifestSchema } from '../../shared/protocol/task-type.ts';

/**
 * Makes queued tasks into invocations of a command type, by its manifest: as if they had been submitted when the
 * coordinator knew that type. Stop the coordinator before; it is the ledger's only writer.
 */
export const intoCommands = (data: string, ids: readonly string[], folder: string, name: string): void => {
	const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8')));
	const db = new Database(join(data, 'ledger.db'), { fileMustExist: true });
	try {
		const { lastInsertRowid } = db
			.prepare('INSERT INTO task_types (name, version, manifest) VALUES (?, ?, ?)')
			.run(name, manifest.version, JSON.stringify(manifest));
		const change = db.prepare(
			`UPDATE tasks SET type_seq = ?, parameters = '{}' WHERE id = ? AND state IN ('queued', 'waiting')`,
		);
		for (const id of ids) {
			if (change.run(lastInsertRowid, id).changes !== 1) throw new Error(`${id} is not queued`);
		}
	} finally {
		db.close();
	}
};
