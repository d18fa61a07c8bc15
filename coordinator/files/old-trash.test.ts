import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import type { EntryKind } from './entry-store.ts';

const by = { actor: 'usr_a', address: '127.0.0.1' };
const target = (kind: EntryKind, id: string) => ({ kind, id, ownerSeq: 1, by });

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

/** In the trash since long ago. */
const trashed = async (path: string): Promise<string> => {
	const { fileId } = await room.upload(path);
	await room.files.trash(target('file', fileId));
	return fileId;
};

/** Does something right after the old trash was listed, before anything of it is destroyed. */
const onceListed = (act: () => Promise<unknown>): void => {
	const read = room.ledger.read.bind(room.ledger);
	let isDone = false;
	room.ledger.read = async (operation, args) => {
		const found = await read(operation, args);
		if (operation.name === 'files.find-old-trash' && !isDone) {
			isDone = true;
			await act();
		}
		return found;
	};
};
const later = () => Date.now() + 1_000;

describe('emptying the trash', () => {
	it('spares what is restored after it was listed, also when it is trashed again', async () => {
		const restored = await trashed('/restored');
		const again = await trashed('/again');
		const stays = await trashed('/stays');
		room.db.exec('UPDATE files SET trashed_at = 1000');
		onceListed(async () => {
			await room.files.restore(target('file', restored), { rename: false });
			await room.files.restore(target('file', again), { rename: false });
			await room.files.trash(target('file', again));
		});
		expect(await room.files.emptyTrash(2_000)).toBe(1);
		expect(await room.list()).toEqual(['/restored']);
		expect((await room.files.listTrash(1, { limit: 9 })).items).toMatchObject([{ id: again }]);
		expect(await room.files.detail(stays)).toBeNull();
	});

	it('goes on when something is gone already', async () => {
		const first = await trashed('/first');
		await trashed('/second');
		onceListed(() => room.files.destroy(target('file', first)));
		expect(await room.files.emptyTrash(later())).toBe(1);
		expect(room.count('SELECT count(*) FROM files')).toBe(0);
	});

	it('goes on when something cannot be destroyed, and comes to an end', async () => {
		for (const name of ['a', 'stuck', 'b']) await trashed(`/${name}`);
		room.db.exec(`CREATE TRIGGER stuck BEFORE DELETE ON files WHEN OLD.name = 'stuck'
			BEGIN SELECT RAISE(ABORT, 'stuck'); END`);
		expect(await room.files.emptyTrash(later())).toBe(2);
		expect((await room.files.listTrash(1, { limit: 9 })).items).toMatchObject([{ path: '/stuck' }]);
	});

	it('takes folders with what is in them, page after page, and leaves what is young', async () => {
		await room.upload('/folder/f');
		const { folder } = await room.files.makeFolder(1, ['folder']);
		await room.files.trash(target('folder', folder.id));
		for (let i = 0; i < 3; i++) await trashed(`/f${i}`);
		room.db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
			INSERT INTO files
				(id, owner_seq, folder_seq, name, version, created_at, modified_at, trashed_at, trashed_from)
			SELECT 'fil_' || i, 1 + i % 2, 0, 'x' || i, 1, 1, 1, 1000 + i % 7, '/x' FROM n`);
		const young = await trashed('/young');
		room.db.exec(`UPDATE files SET trashed_at = trashed_at + 1000000 WHERE id = '${young}'`);
		expect(await room.files.emptyTrash(later())).toBe(1_104);
		expect(room.db.prepare('SELECT id FROM files').pluck().all()).toEqual([young]);
		expect(room.count('SELECT count(*) FROM folders')).toBe(0);
	});
});
