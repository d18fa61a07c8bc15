import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { abortedAtWrite } from '../../test/support/aborted-at-write.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { ledgerViolations } from '../verify/ledger-rules-store.ts';
import { VersionForgetting } from './version-forgetting.ts';

const never = new AbortController().signal;

let room: JobsRoom;
let now: number;
const forget = (keptMs: number | null, most: number | null, signal = never) =>
	new VersionForgetting({ ledger: room.ledger, now: () => now }).forget({ keptMs, most }, signal);
const open = async () => {
	room = await JobsRoom.open();
	// What uploads start is not what these tests are about.
	room.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
	now = 1_000;
};
beforeEach(open);
afterEach(() => room[Symbol.asyncDispose]());

/** A version that came then. */
const upload = async (path: string, at: number, content: Buffer | string = randomBytes(30)) => {
	const { file } = await room.upload(path, content);
	const seq = room.count(`SELECT seq FROM files WHERE id = '${file.id}'`);
	room.db
		.prepare('UPDATE file_versions SET created_at = ? WHERE file_seq = ? AND number = ?')
		.run(at, seq, file.version);
	return { ...file, seq };
};
const versions = (seq: number) =>
	room.db.prepare('SELECT number FROM file_versions WHERE file_seq = ? ORDER BY number').pluck().all(seq) as number[];
const broken = () => ledgerViolations(room.db, { settled: false });

test('a version goes some time after a newer one came, the newest never, and the quota gets its room back', async () => {
	let file = await upload('/a', 100, 'one');
	file = await upload('/a', 200, 'three');
	file = await upload('/a', 900, 'seven');
	const alone = await upload('/b', 1, 'alone');
	const storage = () => room.files.storageOf(1);
	const before = await storage();
	expect(await forget(850, null)).toBe('0 old versions of files were forgotten');
	now = 1_100;
	expect(await forget(850, null)).toBe('1 old versions of files were forgotten');
	expect(versions(file.seq)).toEqual([2, 3]);
	expect(before.usedBytes - (await storage()).usedBytes).toBe(3);
	now = 1e9;
	await forget(1, 1);
	expect([versions(file.seq), versions(alone.seq)]).toEqual([[3], [1]]);
	expect(room.count('SELECT count(*) FROM blobs WHERE refs = 0 AND idle_since IS NOT NULL')).toBe(2);
	expect(await room.files.content(file.id, 1)).toBeNull();
	expect((await room.files.content(file.id, null))?.version).toBe(3);
	expect(broken()).toEqual([]);
});

test('so many older ones are kept, whatever comes in one go', async () => {
	const { seq } = await upload('/a', 1);
	room.db.exec(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1300)
		INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by)
		SELECT ${seq}, i, (SELECT blob_seq FROM file_versions WHERE file_seq = ${seq} AND number = 1), i, 1 FROM n;
		UPDATE files SET version = 1300; UPDATE blobs SET refs = 1300`);
	const other = await upload('/b', 1);
	await upload('/b', 2);
	expect(await forget(null, 3)).toBe('1296 old versions of files were forgotten');
	expect(versions(seq)).toEqual([1297, 1298, 1299, 1300]);
	expect(versions(other.seq)).toEqual([1, 2]);
	expect(broken()).toEqual([]);
});

test('what open tasks work on, as any of their inputs, stays until they are over', async () => {
	const a = await upload('/a', 1);
	const b = await upload('/b', 1);
	const task = await room.submit({
		type: 'noop',
		inputs: [{ file: a.id }, { file: b.id, version: 1 }],
		notBefore: new Date(Date.now() + 1e9).toISOString(),
	});
	for (const path of ['/a', '/b']) for (const at of [2, 3]) await upload(path, at);
	await forget(1, null);
	expect([versions(a.seq), versions(b.seq)]).toEqual([
		[1, 3],
		[1, 3],
	]);
	room.db.exec(`UPDATE tasks SET due_at = NULL`.replace('due_at', `state = 'failed', finished_at = 1, due_at`));
	expect(task.submitted).toHaveLength(1);
	await forget(1, null);
	expect([versions(a.seq), versions(b.seq)]).toEqual([[3], [3]]);
});

test('whatever comes and is forgotten, even in pieces, every newest version stays and all is counted right', async () => {
	const step = fc.oneof(
		{ weight: 5, arbitrary: fc.record({ upload: fc.nat({ max: 2 }), content: fc.nat({ max: 3 }) }) },
		{
			weight: 2,
			arbitrary: fc.record({
				days: fc.option(fc.nat({ max: 40 })),
				most: fc.option(fc.nat({ max: 3 })),
				cut: fc.boolean(),
			}),
		},
	);
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 25 }), async (steps) => {
			await room[Symbol.asyncDispose]();
			await open();
			const newest = new Map<number, number>();
			for (const one of steps) {
				now += 10;
				if ('upload' in one) {
					const { seq, version } = await upload(`/f${one.upload}`, now, `content ${one.content}`);
					newest.set(seq, version);
				} else {
					const { signal, restore } = abortedAtWrite(room.ledger, one.cut ? 1 : Number.POSITIVE_INFINITY);
					await forget(one.days, one.most === null ? null : one.most + 1, signal);
					restore();
					for (const [seq, version] of newest) {
						const there = versions(seq);
						expect(there.at(-1)).toBe(version);
						if (one.most !== null && !one.cut) expect(there.length).toBeLessThanOrEqual(one.most + 2);
					}
				}
				expect(broken()).toEqual([]);
			}
		}),
		{ numRuns: 12 },
	);
}, 120_000);
