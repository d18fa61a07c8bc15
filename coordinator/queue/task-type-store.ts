import { CodedError } from '../../shared/coded-error.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { type AuditEntry, prepareAudit } from '../audit/audit-store.ts';
import { writeOperation } from '../database/operation.ts';

export interface TaskTypeRow {
	seq: number;
	name: string;
	version: number;
	manifest: string;
	/** By an administrator; otherwise it is built in. */
	installed: 0 | 1;
	retiredAt: number | null;
}

/** Manifests that administrators may have installed, all versions of all names together: each is held in memory. */
const MOST_INSTALLED = 2_000;

const ALL = 'SELECT seq, name, version, manifest, installed, retired_at AS retiredAt FROM task_types';

const isSameWork = (stored: string, manifest: Manifest): boolean =>
	JSON.stringify({ ...(JSON.parse(stored) as Manifest), version: 0 }) === JSON.stringify({ ...manifest, version: 0 });

/** Stores built-in manifests that the ledger does not have yet; a changed one of the same version gets the next version. */
export const saveManifests = writeOperation('queue.save-manifests', (db) => {
	const all = db.prepare(ALL);
	const insert = db.prepare('INSERT INTO task_types (name, version, manifest) VALUES (?, ?, ?)');
	return (manifests: Manifest[]) => {
		const rows = all.all() as TaskTypeRow[];
		for (const manifest of manifests) {
			const versions = rows.filter((row) => row.name === manifest.name).map((row) => row.version);
			const newest = Math.max(0, ...versions);
			const isThere = rows.some(
				(row) =>
					row.name === manifest.name &&
					row.version === newest &&
					row.installed === 0 &&
					isSameWork(row.manifest, manifest),
			);
			if (isThere) continue;
			const version = Math.max(newest + 1, manifest.version);
			insert.run(manifest.name, version, JSON.stringify({ ...manifest, version }));
		}
		return all.all() as TaskTypeRow[];
	};
});

/**
 * Stores a manifest as the newest version of its name. The same work as the newest one stays that version, so that
 * installing twice is installing once; what was retired counts again.
 */
export const installManifest = writeOperation('queue.install-manifest', (db) => {
	const ofName = db.prepare(`${ALL} WHERE name = ? ORDER BY version DESC`);
	const count = db.prepare('SELECT count(*) FROM task_types WHERE installed = 1').pluck();
	const insert = db.prepare('INSERT INTO task_types (name, version, manifest, installed) VALUES (?, ?, ?, 1)');
	const restore = db.prepare('UPDATE task_types SET retired_at = NULL WHERE name = ? AND retired_at IS NOT NULL');
	const audit = prepareAudit(db);
	return (args: { manifest: Manifest; audit: AuditEntry }): TaskTypeRow => {
		const { name } = args.manifest;
		const newest = ofName.get(name) as TaskTypeRow | undefined;
		const isThere = newest?.installed === 1 && isSameWork(newest.manifest, args.manifest);
		const isChanged = restore.run(name).changes > 0 || !isThere;
		if (!isThere) {
			if ((count.get() as number) >= MOST_INSTALLED) {
				throw new CodedError(
					'too-many-things',
					`There are ${MOST_INSTALLED} installed manifests already, all versions counted; no more can be installed.`,
				);
			}
			const version = Math.max((newest?.version ?? 0) + 1, args.manifest.version);
			insert.run(name, version, JSON.stringify({ ...args.manifest, version }));
		}
		const stored = ofName.get(name) as TaskTypeRow;
		if (isChanged) audit({ ...args.audit, detail: { ...args.audit.detail, version: stored.version } });
		return stored;
	};
});

/**
 * Takes an installed type away: its open tasks run on, new ones are refused. Throws `not-found`, and `wrong-state` while
 * recipes or schedules use it unless that does not matter.
 */
export const retireManifest = writeOperation('queue.retire-manifest', (db) => {
	const retire = db.prepare(
		'UPDATE task_types SET retired_at = ? WHERE name = ? AND installed = 1 AND retired_at IS NULL',
	);
	const usedBy = (table: string, column: string) =>
		db
			.prepare(
				`SELECT count(*) FROM ${table}
				 WHERE EXISTS (SELECT 1 FROM json_each(${column}, '$.steps') AS step WHERE step.value ->> 'type' = ?)`,
			)
			.pluck();
	const recipes = usedBy('recipes', 'body');
	const schedules = usedBy('schedules', 'wish');
	const audit = prepareAudit(db);
	return ({ name, force, audit: entry }: { name: string; force: boolean; audit: AuditEntry }): void => {
		if (retire.run(entry.at, name).changes === 0) {
			throw new CodedError('not-found', `There is no installed task type ${name}.`);
		}
		const uses = { recipes: recipes.get(name) as number, schedules: schedules.get(name) as number };
		if (!force && uses.recipes + uses.schedules > 0) {
			throw new CodedError(
				'wrong-state',
				`${name} is used in recipes (${uses.recipes}) and schedules (${uses.schedules}), which would be broken; retire it all the same with force.`,
			);
		}
		audit({ ...entry, detail: { ...entry.detail, ...uses } });
	};
});

export const TASK_TYPE_OPERATIONS = [saveManifests, installManifest, retireManifest];
