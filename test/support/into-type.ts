import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Manifest } from '../../shared/protocol/task-type.ts';

/**
 * Makes queued tasks into invocations of another version of their type, or of another type: as if they had been submitted
 * when the coordinator knew that one. Stop the coordinator before; it is the ledger's only writer.
 */
export const intoType = (data: string, ids: readonly string[], manifest: Manifest, parameters?: string): void => {
	const db = new Database(join(data, 'ledger.db'), { fileMustExist: true });
	try {
		const { lastInsertRowid } = db
			.prepare('INSERT INTO task_types (name, version, manifest) VALUES (?, ?, ?)')
			.run(manifest.name, manifest.version, JSON.stringify(manifest));
		const change = db.prepare(
			`UPDATE tasks SET type_seq = ?, parameters = coalesce(?, parameters) WHERE id = ? AND state IN ('queued', 'waiting')`,
		);
		for (const id of ids) {
			if (change.run(lastInsertRowid, parameters ?? null, id).changes !== 1) throw new Error(`${id} is not queued`);
		}
	} finally {
		db.close();
	}
};
