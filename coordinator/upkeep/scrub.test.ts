import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { Scrub } from './scrub.ts';
import { readScrub, SCRUB_OPERATIONS } from './scrub-store.ts';

let room: FileRoom;
let ledger: TestLedger;
let found: { sha256: string; fault: string }[];
beforeEach(async () => {
	room = await FileRoom.open();
	ledger = new TestLedger({ file: room.folder.join('ledger.db'), operations: SCRUB_OPERATIONS });
	found = [];
});
afterEach(async () => {
	await ledger[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
});

const scrub = (rate = 1e12) =>
	new Scrub({
		...{ ledger, rate, forMs: 60_000 },
		pathOf: (sha256) => room.blobs.pathOf(sha256),
		onDamaged: (one) => found.push(one),
		onDeliveries: () => {},
	});
const never = new AbortController().signal;
const hashes = () => room.db.prepare('SELECT lower(hex(sha256)) FROM blobs ORDER BY seq').pluck().all() as string[];

it('finds what is damaged, cut or gone, tells whose it is, and forgets it when it is whole again or not needed', async () => {
	const files = [];
	for (const name of ['whole', 'other', 'cut', 'gone']) files.push(await room.upload(`/${name}`, name));
	const [, other, cut, gone] = hashes() as [string, string, string, string];
	writeFileSync(room.blobs.pathOf(other), 'OTHER');
	writeFileSync(room.blobs.pathOf(cut), 'c');
	rmSync(room.blobs.pathOf(gone));
	expect(await scrub().run(never)).toBe('all content was read; 3 contents are damaged, see coordinator verify');
	const { count, items } = await scrub().damaged(10);
	expect(count).toBe(3);
	expect(items.map(({ sha256, fault, files: of }) => [sha256, fault, of]).sort()).toEqual(
		[
			[other, 'it has other bytes', [files[1]!.fileId]],
			[cut, 'it has 1 bytes, not 3', [files[2]!.fileId]],
			[gone, 'it is gone', [files[3]!.fileId]],
		].sort(),
	);
	expect(found).toHaveLength(3);

	// Uploaded again it is whole; what is destroyed nobody misses.
	await room.upload('/again', 'gone');
	const by = { actor: 'usr_a', address: '' };
	await room.files.destroy({ kind: 'file', id: files[2]!.fileId, ownerSeq: 1, by });
	await scrub().run(never);
	expect((await scrub().damaged(10)).items.map(({ sha256 }) => sha256)).toEqual([other]);
});

it('tells those whose files it was, once each, and not again while it is known', async () => {
	for (let i = 0; i < 7; i++) await room.upload(`/mine ${i}`, `content ${i}`);
	for (const sha256 of hashes()) writeFileSync(room.blobs.pathOf(sha256), 'spoilt');
	const told = () => room.db.prepare('SELECT owner_seq AS owner, kind, title, text, count FROM notices').all();
	await scrub().run(never);
	expect(told()).toEqual([
		{
			...{ owner: 1, kind: 'content-damaged', title: 'The content of 7 files is damaged', count: 1 },
			text: expect.stringMatching(/: mine .* and 2 more\. .*uploads it again/),
		},
	]);
	await scrub().run(never);
	expect(told()).toMatchObject([{ count: 1 }]);
	// Whole again, and then damaged again: that is news.
	await room.upload('/mine 0', 'content 0');
	await scrub().run(never);
	const [first] = hashes() as [string];
	writeFileSync(room.blobs.pathOf(first), 'spoilt');
	await scrub().run(never);
	expect(told()).toMatchObject([{ count: 2, title: 'The content of mine 0 is damaged' }]);
});

it('goes on where it was ended', async () => {
	for (let i = 0; i < 5; i++) await room.upload(`/${i}`, `content ${i}`);
	const sorted = hashes().sort();
	const ending = new AbortController();
	const cut = new Scrub({
		...{ ledger, rate: 1e12, forMs: 60_000 },
		pathOf: (sha256) => {
			if (sha256 === sorted[3]) ending.abort();
			return room.blobs.pathOf(sha256);
		},
		onDamaged: (one) => found.push(one),
		onDeliveries: () => {},
	});
	await cut.run(ending.signal);
	expect(await ledger.read(readScrub, null)).toMatchObject({ after: sorted[2], blobs: 3 });
	rmSync(room.blobs.pathOf(sorted[0]!));
	rmSync(room.blobs.pathOf(sorted[4]!));
	await scrub().run(never);
	expect(found.map(({ sha256 }) => sha256)).toEqual([sorted[4]]);
	await scrub().run(never);
	expect(found.map(({ sha256 }) => sha256)).toEqual([sorted[4], sorted[0], sorted[4]]);
});

it('reads nothing when it may not', async () => {
	await room.upload('/gone', 'gone');
	rmSync(room.blobs.pathOf(hashes()[0]!));
	expect(await scrub(0).run(never)).toMatch(/--scrub-rate is 0/);
	expect(found).toEqual([]);
});
