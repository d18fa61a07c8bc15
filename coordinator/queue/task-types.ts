import { CodedError } from '../../shared/coded-error.ts';
import type { Manifest } from '../../shared/protocol/task-type.ts';
import { auditOf, type Doer } from '../audit/doer.ts';
import type { Ledger } from '../database/ledger.ts';
import { requireGoodManifest } from './manifest-faults.ts';
import { installManifest, retireManifest, saveManifests, type TaskTypeRow } from './task-type-store.ts';

/** The task types this coordinator knows. A task keeps the version it was made with. */
export class TaskTypes {
	readonly #ledger: Ledger;
	readonly #builtIn: ReadonlySet<string>;
	readonly #bySeq = new Map<number, Manifest>();
	readonly #newest = new Map<string, { seq: number; manifest: Manifest }>();

	private constructor(ledger: Ledger, builtIn: ReadonlySet<string>) {
		this.#ledger = ledger;
		this.#builtIn = builtIn;
	}

	/** Registers the built-in manifests; those only in the ledger stay known for the tasks that pinned them. */
	static async load(ledger: Ledger, builtIn: readonly Manifest[]): Promise<TaskTypes> {
		const types = new TaskTypes(ledger, new Set(builtIn.map((manifest) => manifest.name)));
		for (const row of await ledger.write(saveManifests, [...builtIn])) types.#take(row);
		return types;
	}

	/** The version that new tasks get, or undefined for a type that there is not, or not any more. */
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

	/** The newest version that can be used, or any that ever was. Throws `not-found`. */
	read(name: string, version?: number): Manifest {
		if (version === undefined) {
			const newest = this.#newest.get(name);
			if (newest) return newest.manifest;
			throw new CodedError('not-found', `There is no task type ${name}.`);
		}
		for (const manifest of this.#bySeq.values()) {
			if (manifest.name === name && manifest.version === version) return manifest;
		}
		throw new CodedError('not-found', `There is no version ${version} of a task type ${name}.`);
	}

	/** Throws what installing it would, and changes nothing. */
	check(manifest: Manifest): void {
		if (this.#builtIn.has(manifest.name)) {
			throw new CodedError('name-taken', `${manifest.name} is a built-in task type; choose another name.`);
		}
		requireGoodManifest(manifest);
	}

	/** From now on new tasks of this name get this manifest; nodes that advertise the name take them. */
	async install(manifest: Manifest, by: Doer): Promise<{ name: string; version: number }> {
		this.check(manifest);
		const audit = auditOf(by, 'task-type.install', manifest.name, { title: manifest.title });
		const row = await this.#ledger.write(installManifest, { manifest, audit });
		this.#take(row);
		return { name: row.name, version: row.version };
	}

	/**
	 * Takes an installed type away: its open tasks run on, new ones are refused. Throws `wrong-state` while recipes or
	 * schedules use it, unless by force.
	 */
	async retire(name: string, force: boolean, by: Doer): Promise<void> {
		if (this.#builtIn.has(name)) {
			throw new CodedError('wrong-state', `${name} is built in and cannot be taken away.`);
		}
		await this.#ledger.write(retireManifest, { name, force, audit: auditOf(by, 'task-type.retire', name) });
		this.#newest.delete(name);
	}

	#take(row: TaskTypeRow): void {
		const manifest = JSON.parse(row.manifest) as Manifest;
		this.#bySeq.set(row.seq, manifest);
		const isBuiltIn = this.#builtIn.has(row.name);
		const counts = isBuiltIn ? row.installed === 0 : row.installed === 1 && row.retiredAt === null;
		const newest = this.#newest.get(row.name);
		if (!counts || (newest && newest.manifest.version > manifest.version)) return;
		this.#newest.set(row.name, { seq: row.seq, manifest });
	}
}
