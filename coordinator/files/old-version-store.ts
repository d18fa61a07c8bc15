import { readOperation, writeOperation } from '../database/operation.ts';

/** Rows that one reading looks at. */
const SCANNED = 20_000;
/** Files in one page, and versions that go in one transaction, so that other writers never wait long. */
const FILES = 200;
const VERSIONS = 500;

/** Which versions go: the newest of a file never does. */
export interface OldVersions {
	/** A newer one took their place before the instant; null: however long ago. */
	replacedBefore: number | null;
	/** So many older ones of a file are kept at most; null: any number. */
	most: number | null;
}

/** When a newer version took the place of version v. */
const REPLACED = `(SELECT n.created_at FROM file_versions n WHERE n.file_seq = v.file_seq AND n.number > v.number
	ORDER BY n.number LIMIT 1)`;

/** The next files of which the oldest version is old, or which have too many; null `next`: there are no more. */
export const findOldVersions = readOperation('files.find-old-versions', (db) => {
	const end = db.prepare(`SELECT seq FROM files WHERE seq > ? ORDER BY seq LIMIT 1 OFFSET ${SCANNED - 1}`).pluck();
	const select = db
		.prepare(
			`SELECT f.seq FROM files f JOIN file_versions v
			   ON v.file_seq = f.seq AND v.number = (SELECT min(number) FROM file_versions WHERE file_seq = f.seq)
			 WHERE f.seq > @after AND f.seq <= @to AND f.version > 1 AND v.number < f.version
			   AND (${REPLACED} < @replacedBefore
			     OR (SELECT count(*) FROM file_versions WHERE file_seq = f.seq AND number < f.version) > @most)
			 ORDER BY f.seq LIMIT ${FILES}`,
		)
		.pluck();
	return (args: OldVersions & { after: number }): { files: number[]; next: number | null } => {
		const last = end.get(args.after) as number | undefined;
		const files = select.all({ ...args, to: last ?? Number.MAX_SAFE_INTEGER }) as number[];
		if (files.length === FILES) return { files, next: files.at(-1)! };
		return { files, next: last ?? null };
	};
});

/** A version of a file that is an input of open tasks beside their first. */
export type UsedVersion = [fileSeq: number, version: number];

/** Those of the next open tasks that have more than one input. */
export const findUsedVersions = readOperation('files.find-used-versions', (db) => {
	const end = db
		.prepare(`SELECT seq FROM tasks WHERE finished_at IS NULL AND seq > ? ORDER BY seq LIMIT 1 OFFSET ${SCANNED - 1}`)
		.pluck();
	const select = db
		.prepare(
			`SELECT DISTINCT i.value ->> '$.fileSeq', i.value ->> '$.version' FROM tasks t, json_each(t.inputs) i
			 WHERE t.finished_at IS NULL AND t.seq > @after AND t.seq <= @to AND i.key > 0
			   AND i.value ->> '$.fileSeq' IS NOT NULL`,
		)
		.raw();
	return ({ after }: { after: number }): { used: UsedVersion[]; next: number | null } => {
		const last = end.get(after) as number | undefined;
		return { used: select.all({ after, to: last ?? Number.MAX_SAFE_INTEGER }) as UsedVersion[], next: last ?? null };
	};
});

/**
 * Forgets old versions of these files, the oldest first, until it has done enough; `done`: with so many of the files it is
 * through, and of the next one with the versions up to `upTo`. Left are those that open tasks work on, or triggers wait for.
 */
export const forgetVersions = writeOperation('files.forget-versions', (db) => {
	const newest = db.prepare('SELECT version FROM files WHERE seq = ?').pluck();
	const count = db.prepare('SELECT count(*) FROM file_versions WHERE file_seq = ? AND number < ?').pluck();
	const page = db.prepare(
		`SELECT v.number, ${REPLACED} AS replacedAt FROM file_versions v
		 WHERE v.file_seq = @file AND v.number < @newest AND v.number > @upTo ORDER BY v.number LIMIT ${VERSIONS}`,
	);
	const isNeeded = db
		.prepare(
			`SELECT EXISTS (SELECT 1 FROM tasks WHERE file_seq = @file AND finished_at IS NULL AND inputs ->> '$[0].version' = @number)
			     OR EXISTS (SELECT 1 FROM trigger_firings WHERE file_seq = @file AND version = @number AND state = 'waits-for-type')`,
		)
		.pluck();
	const forgetMade = db.prepare('DELETE FROM provenance WHERE file_seq = ? AND version = ?');
	const forgetFired = db.prepare('DELETE FROM trigger_firings WHERE file_seq = ? AND version = ?');
	const remove = db.prepare('DELETE FROM file_versions WHERE file_seq = ? AND number = ?');
	return (args: OldVersions & { files: readonly number[]; upTo: number; used: readonly UsedVersion[] }) => {
		const used = new Set(args.used.map(([file, version]) => `${file} ${version}`));
		let [versions, looked, done, upTo] = [0, 0, 0, args.upTo];
		for (; done < args.files.length && looked < VERSIONS; done++, upTo = 0) {
			const file = args.files[done]!;
			const last = newest.get(file) as number | undefined;
			if (last === undefined) continue;
			let older = count.get(file, last) as number;
			const rows = page.all({ file, newest: last, upTo }) as { number: number; replacedAt: number }[];
			let isThrough = rows.length < VERSIONS;
			for (const { number, replacedAt } of rows) {
				const isOld = args.replacedBefore !== null && replacedAt < args.replacedBefore;
				if (!isOld && (args.most === null || older <= args.most)) {
					isThrough = true;
					break;
				}
				looked += 1;
				upTo = number;
				if (used.has(`${file} ${number}`) || isNeeded.get({ file, number }) === 1) continue;
				forgetMade.run(file, number);
				forgetFired.run(file, number);
				remove.run(file, number);
				versions += 1;
				older -= 1;
			}
			if (!isThrough) break;
		}
		return { versions, done, upTo };
	};
});

export const OLD_VERSION_OPERATIONS = [findOldVersions, findUsedVersions, forgetVersions];
