import { CodedError } from '../../shared/coded-error.ts';
import { readOperation, writeOperation } from '../database/operation.ts';
import { prepareRequirePropertyRoom } from '../files/copy-content-store.ts';
import type { EntryKind } from '../files/entry-store.ts';
import { prepareLocks } from '../files/lock-store.ts';

/** A property that a client gave; nobody here understands it. */
export interface DeadProperty {
	namespace: string;
	name: string;
	/** The whole element as XML, with its own declarations of namespaces: given back as it came. */
	value: string;
}

export type PropertyChange = { set: DeadProperty } | { remove: Pick<DeadProperty, 'namespace' | 'name'> };

export interface PropertyBearer {
	kind: EntryKind;
	seq: number;
}

/** Where the entry is, and the locks that the client has shown. */
export interface PropertyGuard {
	ownerSeq: number;
	names: readonly string[];
	tokens: readonly string[];
	now: number;
}

/** Most properties of one file or folder, and most bytes that they take together. */
const MOST_PROPERTIES = 200;
const MOST_BYTES = 65_536;

/** So much is told at once: a page of files with all that they may bear would be 64 MB, and many may ask for it. */
const MOST_TOLD_BYTES = 1024 ** 2;

/** Of the entries in their order, until it is enough: of at least one. Null bears none. */
export const findProperties = readOperation('drive.find-properties', (db) => {
	const statement = (column: string) =>
		db.prepare(`SELECT namespace, name, value FROM drive_properties WHERE ${column} = ? ORDER BY namespace, name`);
	const by = { file: statement('file_seq'), folder: statement('folder_seq') };
	return (entries: readonly (PropertyBearer | null)[]): DeadProperty[][] => {
		const found: DeadProperty[][] = [];
		let bytes = 0;
		for (const entry of entries) {
			const properties = entry ? (by[entry.kind].all(entry.seq) as DeadProperty[]) : [];
			for (const { namespace, name, value } of properties) bytes += namespace.length + name.length + value.length;
			found.push(properties);
			if (bytes >= MOST_TOLD_BYTES) break;
		}
		return found;
	};
});

/** All or none, one after the other. Throws `not-found`, `locked`, `property-limit`. */
export const changeProperties = writeOperation('drive.change-properties', (db) => {
	const statements = (kind: EntryKind) => {
		const [table, column] = kind === 'file' ? ['files', 'file_seq'] : ['folders', 'folder_seq'];
		return {
			find: db.prepare(`SELECT owner_seq FROM ${table} WHERE seq = ?`).pluck(),
			set: db.prepare(
				`INSERT INTO drive_properties (owner_seq, ${column}, namespace, name, value)
				 VALUES (@owner, @seq, @namespace, @name, @value)
				 ON CONFLICT (${column}, namespace, name) DO UPDATE SET value = excluded.value`,
			),
			remove: db.prepare(
				`DELETE FROM drive_properties WHERE ${column} = @seq AND namespace = @namespace AND name = @name`,
			),
			extent: db.prepare(
				`SELECT count(*) AS count, coalesce(sum(octet_length(namespace) + octet_length(name) + octet_length(value)), 0) AS bytes
				 FROM drive_properties WHERE ${column} = ?`,
			),
		};
	};
	const by = { file: statements('file'), folder: statements('folder') };
	const locks = prepareLocks(db);
	const requireRoom = prepareRequirePropertyRoom(db);
	return (args: { entry: PropertyBearer; changes: readonly PropertyChange[]; guard: PropertyGuard }): void => {
		const { entry, changes, guard } = args;
		const { find, set, remove, extent } = by[entry.kind];
		locks.require(guard, guard.tokens, {});
		const owner = find.get(entry.seq) as number | undefined;
		if (owner === undefined) throw new CodedError('not-found');
		for (const change of changes) {
			if ('set' in change) set.run({ owner, seq: entry.seq, ...change.set });
			else remove.run({ seq: entry.seq, ...change.remove });
		}
		// Whoever only takes away is not told that there is too much.
		if (!changes.some((change) => 'set' in change)) return;
		const { count, bytes } = extent.get(entry.seq) as { count: number; bytes: number };
		if (count > MOST_PROPERTIES || bytes > MOST_BYTES) {
			const limits = `${MOST_PROPERTIES} properties of ${MOST_BYTES} bytes together`;
			throw new CodedError('property-limit', `A file or folder takes ${limits}. Remove some that are not needed.`);
		}
		requireRoom(owner);
	};
});
