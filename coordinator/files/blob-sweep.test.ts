import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobFaults } from '../../test/support/check-blobs.ts';
import { FileRoom } from '../../test/support/file-room.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const LATER = Date.now() + 3_600_000;

let room: FileRoom;
beforeEach(async () => {
	room = await FileRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const destroy = (id: string) =>
	room.files.destroy({ kind: 'file', id, ownerSeq: 1, by: { actor: 'usr_a', address: '' } });
const expectSound = async () => {
	expect(await blobFaults(room.db, room.folder.path, true)).toEqual([]);
};

describe('the sweep', () => {
	it('removes content that nothing refers to any more, file and row, after the grace', async () => {
		await room.upload('/kept', 'kept');
		await destroy((await room.upload('/gone', 'gone')).fileId);
		expect(await room.files.sweep.sweepIdle(Date.now() - 60_000)).toBe(0);
		expect(existsSync(room.blobs.pathOf(sha256('gone')))).toBe(true);
		expect(await room.files.sweep.sweepIdle(LATER)).toBe(1);
		expect(existsSync(room.blobs.pathOf(sha256('gone')))).toBe(false);
		expect(room.count('SELECT count(*) FROM blobs')).toBe(1);
		await expectSound();
	});

	it('leaves alone what an upload holds', async () => {
		await destroy((await room.upload('/f', 'same')).fileId);
		const staged = await room.blobs.stage(Readable.from([Buffer.from('same')]), { maxBytes: 100 });
		const release = await room.blobs.keep(staged);
		expect(await room.files.sweep.sweepIdle(LATER)).toBe(0);
		expect(await room.files.sweep.sweepOrphans(LATER)).toBe(0);
		expect(existsSync(room.blobs.pathOf(sha256('same')))).toBe(true);
		release();
		expect(await room.files.sweep.sweepIdle(LATER)).toBe(1);
	});

	it('puts the bytes back when something refers to them after all', async () => {
		await destroy((await room.upload('/f', 'same')).fileId);
		const sweeping = room.files.sweep.sweepIdle(LATER);
		// Between the list of idle blobs and the row's removal, past all holds.
		room.db.exec('UPDATE blobs SET refs = 1, idle_since = NULL');
		expect(await sweeping).toBe(0);
		expect(existsSync(room.blobs.pathOf(sha256('same')))).toBe(true);
		room.db.exec('UPDATE blobs SET refs = 0, idle_since = 1');
	});

	it('removes files that no row knows, and only those', async () => {
		await room.upload('/f', 'known');
		const orphan = room.blobs.pathOf(sha256('orphan'));
		await mkdir(dirname(orphan), { recursive: true });
		await writeFile(orphan, 'orphan');
		const now = Date.now();
		await utimes(orphan, now / 1000 - 100, now / 1000 - 100);
		expect(await room.files.sweep.sweepOrphans(now - 200_000)).toBe(0);
		expect(await room.files.sweep.sweepOrphans(now - 50_000)).toBe(1);
		expect(existsSync(orphan)).toBe(false);
		await expectSound();
	});

	it('never takes a blob from an upload of the same content, whatever the order', async () => {
		const random = new SeededRandom(7);
		const contents = ['a', 'b', 'c'];
		const owned: string[] = [];
		const step = async (): Promise<void> => {
			const content = contents[Math.floor(random.next() * contents.length)]!;
			const kind = random.next();
			if (kind < 0.4) owned.push((await room.upload(`/${owned.length}-${random.next()}`, content)).fileId);
			else if (kind < 0.7) {
				const id = owned.pop();
				if (id) await destroy(id);
			} else if (kind < 0.9) await room.files.sweep.sweepIdle(LATER);
			else await room.files.sweep.sweepOrphans(LATER);
		};
		for (let round = 0; round < 60; round++) {
			await Promise.all(Array.from({ length: 8 }, step));
			await expectSound();
		}
		expect(room.blobs.holds.size).toBe(0);
	});
});
