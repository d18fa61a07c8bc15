import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileRoom } from '../../test/support/file-room.ts';
import { UnsteadyLedger } from '../../test/support/unsteady-ledger.ts';
import { createLogger } from '../report/logger.ts';
import { Settler } from './settler.ts';

let room: FileRoom;
let ledger: UnsteadyLedger;
let settler: Settler;
/** Resolves with the newest happening when the next one is told. */
let happened: Promise<number>;
beforeEach(async () => {
	room = await FileRoom.open();
	ledger = new UnsteadyLedger(room.ledger);
	let tell: (last: number) => void = () => {};
	happened = new Promise((resolve) => {
		tell = resolve;
	});
	settler = new Settler({ ledger, logger: createLogger('silent'), happened: (last) => tell(last) });
});
afterEach(async () => {
	await settler[Symbol.asyncDispose]();
	await room[Symbol.asyncDispose]();
});

const waits = async (path: string, dueAt: number) => {
	const { fileSeq } = await room.upload(path, 'x');
	room.db.exec(`INSERT INTO unsettled_files VALUES (${fileSeq}, 1, 'upload', NULL, 1, NULL, ${dueAt})`);
};
const left = () => room.count('SELECT count(*) FROM unsettled_files');
const told = () => room.count(`SELECT count(*) FROM happenings WHERE kind = 'file.placed'`);

test('whose disk is full tries again by itself, and nothing is lost', async () => {
	await waits('/a', 1);
	ledger.isFull = true;
	settler.wake();
	await settler.settled();
	expect([left(), told()]).toEqual([1, 0]);
	ledger.isFull = false;
	expect(await happened).toBe(1);
	expect([left(), told()]).toEqual([0, 1]);
});

test('looks again by itself when the time of the next one has come', async () => {
	await waits('/a', Date.now() + 50);
	await waits('/b', Date.now() + 600_000);
	settler.wake();
	expect(await happened).toBe(1);
	expect([left(), told()]).toEqual([1, 1]);
});

test('lets settle what waited since before the clock was set back', async () => {
	await waits('/a', Date.now() + 365 * 86_400_000);
	settler.wake();
	await settler.settled();
	expect([left(), told()]).toEqual([0, 1]);
});

test('takes however many are due, each once', async () => {
	await waits('/a', 1);
	room.db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
		INSERT INTO files (id, owner_seq, folder_seq, name, version, created_at, modified_at)
		SELECT 'fil_' || i, 1, 0, 'f' || i, 1, 1, 1 FROM n;
		INSERT INTO file_versions (file_seq, number, blob_seq, created_at, created_by)
		SELECT seq, 1, (SELECT min(seq) FROM blobs), 1, 1 FROM files WHERE name LIKE 'f%';
		INSERT INTO unsettled_files SELECT seq, 1, 'upload', NULL, 1, NULL, seq FROM files WHERE name LIKE 'f%'`);
	settler.wake();
	settler.wake();
	await settler.settled();
	expect([left(), told()]).toEqual([0, 2501]);
	expect(room.count('SELECT count(DISTINCT ref) FROM happenings')).toBe(2501);
});

test('that was closed does nothing more', async () => {
	await waits('/later', Date.now() + 600_000);
	settler.wake();
	await settler[Symbol.asyncDispose]();
	await waits('/a', 1);
	settler.wake();
	await settler.settled();
	expect([left(), told()]).toEqual([2, 0]);
});
