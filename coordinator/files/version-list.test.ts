import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';

let room: FileRoom;
let id: string;
beforeEach(async () => {
	room = await FileRoom.open();
	({ fileId: id } = await room.upload('/f', 'one'));
});
afterEach(() => room[Symbol.asyncDispose]());

/** Makes it a file of so many versions, all of the same content. */
const grow = (versions: number): void => {
	room.db.exec(`WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${versions})
		INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by)
		SELECT file_seq, i, blob_seq, created_at, created_by FROM file_versions, n WHERE number = 1;
		UPDATE files SET version = ${versions}`);
};
const numbers = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i);
const numbersOf = (items: readonly { number: number }[]) => items.map(({ number }) => number);

describe('the versions of a file', () => {
	it('come with it while they are few', async () => {
		grow(100);
		const { detail } = (await room.files.detail(id))!;
		expect(numbersOf(detail.versions)).toEqual(numbers(100, 1));
		expect(detail.versionsCursor).toBeNull();
	});

	it('come as the newest hundred when they are many, with where the others begin', async () => {
		grow(15_000);
		const { detail } = (await room.files.detail(id))!;
		expect(numbersOf(detail.versions)).toEqual(numbers(15_000, 14_901));
		expect(JSON.stringify(detail).length).toBeLessThan(30_000);
		const older = await room.files.versions(id, { limit: 3, cursor: detail.versionsCursor! });
		expect(numbersOf(older!.page.items)).toEqual([14_900, 14_899, 14_898]);
		expect(older!.ownerSeq).toBe(1);
	});

	it('are listed page after page to the first', async () => {
		grow(7);
		const seen: number[] = [];
		for (let cursor: string | undefined, more = true; more; ) {
			const { page } = (await room.files.versions(id, { limit: 3, cursor }))!;
			seen.push(...numbersOf(page.items));
			cursor = page.nextCursor ?? undefined;
			more = cursor !== undefined;
		}
		expect(seen).toEqual(numbers(7, 1));
		const all = (await room.files.versions(id, { limit: 7 }))!;
		expect(all.page).toMatchObject({ nextCursor: null, items: (await room.files.detail(id))!.detail.versions });
	});

	it('are none of a file that is not there, and go on only at a cursor of theirs', async () => {
		expect(await room.files.versions('fil_0', { limit: 3 })).toBeNull();
		await expect(room.files.versions(id, { limit: 3, cursor: 'x' })).rejects.toMatchObject({ code: 'bad-cursor' });
		const ofAnotherList = Buffer.from('["file","f"]').toString('base64url');
		await expect(room.files.versions(id, { limit: 3, cursor: ofAnotherList })).rejects.toMatchObject({
			code: 'bad-cursor',
		});
	});
});
