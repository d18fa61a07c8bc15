import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareTellPerson } from '../notices/notice-store.ts';
import type { DueAlert, Told } from './due-alerts.ts';

export const readAlerts = readOperation('health.read-alerts', (db) => {
	const select = db.prepare('SELECT name, told, told_at AS toldAt FROM alerts');
	return (_: null): (Told & { name: string })[] => select.all() as (Told & { name: string })[];
});

/** Tells every administrator, and their webhooks; answers how many deliveries there are to be made of it. */
export const tellAlerts = writeOperation('health.tell-alerts', (db) => {
	const administrators = db
		.prepare(`SELECT seq FROM users WHERE role = 'administrator' AND disabled_at IS NULL ORDER BY seq LIMIT 1000`)
		.pluck();
	const note = db.prepare(
		`INSERT INTO alerts (name, told, told_at) VALUES (@name, @told, @toldAt)
		 ON CONFLICT (name) DO UPDATE SET told = @told, told_at = @toldAt`,
	);
	const tell = prepareTellPerson(db);
	return (due: readonly DueAlert[]): number => {
		let deliveries = 0;
		const owners = administrators.all() as number[];
		for (const { name, told, toldAt, title, text } of due) {
			note.run({ name, told, toldAt });
			// One notice for each word: that it is well again must not hide that it was not.
			const words = { kind: 'health' as const, about: `${name} ${told}`, subject: name, title, text };
			for (const owner of owners) deliveries += tell(owner, words, toldAt);
		}
		return deliveries;
	};
});
