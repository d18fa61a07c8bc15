import { readOperation } from '../database/operation.ts';

/** What people and nodes of these ids are called now. The log itself has ids only, which are all that a deletion leaves. */
export const readAuditNames = readOperation('audit.read-names', (db) => {
	const select = db
		.prepare('SELECT username FROM users WHERE id = @id UNION ALL SELECT name FROM nodes WHERE id = @id')
		.pluck();
	return (ids: readonly string[]): [id: string, name: string][] =>
		ids.flatMap((id) => {
			const name = select.get({ id }) as string | undefined;
			return name === undefined ? [] : [[id, name]];
		});
});
