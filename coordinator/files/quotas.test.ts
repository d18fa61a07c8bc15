import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { quotaOf } from './quota-store.ts';

const act = fc.oneof(
	{ weight: 5, arbitrary: fc.record({ what: fc.constant('upload' as const), name: fc.nat(5), bytes: fc.nat(60) }) },
	{ weight: 1, arbitrary: fc.record({ what: fc.constantFrom('trash', 'restore', 'destroy'), name: fc.nat(5) }) },
	{
		weight: 1,
		arbitrary: fc.record({
			what: fc.constant('limit' as const),
			bytes: fc.integer({ min: 1, max: 300 }),
			files: fc.integer({ min: 1, max: 6 }),
		}),
	},
);
/** What may happen at the same moment. */
const plan = fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { maxLength: 12 });

test('whatever people do at once, the count is what is there, and no upload goes beyond the quota of its moment', async () => {
	await using room = await FileRoom.open();
	const by = { actor: 'usr_a', address: '' };
	let round = 0;
	await fc.assert(
		fc.asyncProperty(plan, async (steps) => {
			round += 1;
			room.policies.give(1, {});
			const base = await room.files.storageOf(1);
			/** Room that this round's limits leave, above what earlier rounds left behind. */
			let most = { bytes: Number.MAX_SAFE_INTEGER, files: 1e9 };
			const ids = new Map<number, string>();
			for (const step of steps) {
				const before = await room.files.storageOf(1);
				for (const one of step) {
					if (one.what !== 'limit') continue;
					most = { bytes: base.usedBytes + one.bytes, files: base.files + one.files };
					room.policies.give(1, { quotas: { storedBytes: most.bytes, files: most.files } });
				}
				await Promise.all(
					step.map(async (one) => {
						try {
							if (one.what === 'upload') {
								const more = { quota: quotaOf(room.policies.of(1)) };
								const path = `/${round}-${one.name}`;
								ids.set(one.name, (await room.upload(path, Buffer.alloc(one.bytes, round), more)).fileId);
							} else if (one.what !== 'limit') {
								const target = { kind: 'file' as const, id: ids.get(one.name) ?? 'fil_none', ownerSeq: 1, by };
								if (one.what === 'trash') await room.files.trash(target);
								else if (one.what === 'restore') await room.files.restore(target, { rename: true });
								else await room.files.destroy(target);
							}
						} catch (error) {
							expect(['quota-exceeded', 'not-found']).toContain((error as { code: string }).code);
						}
					}),
				);
				const { usedBytes, files } = await room.files.storageOf(1);
				// Who was beyond a new, smaller quota stays there; nobody goes further.
				expect(usedBytes).toBeLessThanOrEqual(Math.max(most.bytes, before.usedBytes));
				expect(files).toBeLessThanOrEqual(Math.max(most.files, before.files));
				const counted = room.db
					.prepare(
						`SELECT count(DISTINCT f.seq) AS files, coalesce(sum(b.size), 0) AS usedBytes FROM files f
						 JOIN file_versions v ON v.file_seq = f.seq JOIN blobs b ON b.seq = v.blob_seq WHERE f.owner_seq = 1`,
					)
					.get();
				expect(counted).toEqual({ usedBytes, files });
			}
		}),
		{ numRuns: 40 },
	);
});

test('a destroyed folder and a person that is gone take their counts with them', async () => {
	await using room = await FileRoom.open();
	for (let i = 0; i < 5; i += 1) await room.upload(`/folder/${i}`, 'xxx');
	await room.upload('/folder/0', 'x');
	await room.upload('/other', 'xx');
	const { items } = await room.files.listFolder(1, [], { limit: 10 });
	const by = { actor: 'usr_a', address: '' };
	await room.files.destroy({ kind: 'folder', id: items[0]!.id, ownerSeq: 1, by });
	expect(await room.files.storageOf(1)).toMatchObject({ usedBytes: 2, files: 1 });
	room.db.pragma('foreign_keys = ON');
	room.db.exec('DELETE FROM users WHERE seq = 1');
	expect(room.count('SELECT count(*) FROM storage_use')).toBe(0);
});

test('at nine tenths of either quota it is said that room runs out', async () => {
	await using room = await FileRoom.open();
	await room.upload('/a', 'x'.repeat(89));
	room.policies.give(1, { quotas: { storedBytes: 100, files: 10 } });
	expect(await room.files.storageOf(1)).toEqual({
		usedBytes: 89,
		files: 1,
		quotaBytes: 100,
		quotaFiles: 10,
		nearlyFull: false,
	});
	await room.upload('/b', 'x');
	expect(await room.files.storageOf(1)).toMatchObject({ nearlyFull: true });
	room.policies.give(1, { quotas: { files: 2 } });
	expect(await room.files.storageOf(1)).toMatchObject({ quotaBytes: null, quotaFiles: 2, nearlyFull: true });
});
