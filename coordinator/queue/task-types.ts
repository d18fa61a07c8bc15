import type { Manifest } from '../../shared/protocol/task-type.ts';
import type { Ledger } from '../database/ledger.ts';
import { writeOperation } from '../database/operation.ts';

/** Stores manifests that the ledger does not have yet; a changed manifest of the same version gets the next version. */
const saveManifests = writeOperation('queue.save-manifests', (db) => {
	const all = db.prepare('SELECT seq, name, version, manifest FROM task_types');
	const insert = db.prepare('INSERT INTO task_types (name, version, manifest) VALUES (?, ?, ?)');
	return (manifests: Manifest[]) => {
		type Row = { seq: number; name: string; version: number; manifest: string };
		const rows = all.all() as Row[];
		for (const manifest of manifests) {
			const versions = rows.filter((row) => row.name === manifest.name).map((row) => row.version);
			const newest = Math.max(0, ...versions);
			const same = rows.some(
				(row) => row.name === manifest.name && row.version === newest && sameWork(row.manifest, manifest),
			);
			if (same) continue;
			const version = Math.max(newest + 1, manifest.version);
			insert.run(manifest.name, version, JSON.stringify({ ...manifest, version }));
		}
		return all.all() as Row[];
	};
});

const sameWork = (stored: string, manifest: Manifest): boolean =>
	JSON.stringify({ ...(JSON.parse(stored) as Manifest), version: 0 }) === JSON.stringify({ ...manifest, version: 0 });

/** The task types this coordinator knows. A task keeps the version it was made with. */
export class TaskTypes {
	readonly #bySeq = new Map<number, Manifest>();
	readonly #newest = new Map<string, { seq: number; manifest: Manifest }>();

	/** Registers the installed manifests; those only in the ledger stay known for the tasks that pinned them. */
	static async load(ledger: Ledger, installed: readonly Manifest[]): Promise<TaskTypes> {
		const types = new TaskTypes();
		const names = new Set(installed.map((manifest) => manifest.name));
		for (const row of await ledger.write(saveManifests, [...installed])) {
			const manifest = JSON.parse(row.manifest) as Manifest;
			types.#bySeq.set(row.seq, manifest);
			const newest = types.#newest.get(row.name);
			if (names.has(row.name) && (!newest || newest.manifest.version < manifest.version)) {
				types.#newest.set(row.name, { seq: row.seq, manifest });
			}
		}
		return types;
	}

	/** The version that new tasks get, or undefined for a type that is not installed. */
	newest(name: string): { seq: number; manifest: Manifest } | undefined {
		return this.#newest.get(name);
	}

	/** The manifest that a stored task pinned. */
	bySeq(seq: number): Manifest {
		const manifest = this.#bySeq.get(seq);
		if (!manifest) throw new Error(`the ledger names a task type ${seq} that it does not have`);
		return manifest;
	}

	list(): Manifest[] {
		return [...this.#newest.values()].map(({ manifest }) => manifest);
	}
}

export const TASK_TYPE_OPERATIONS = [saveManifests];
