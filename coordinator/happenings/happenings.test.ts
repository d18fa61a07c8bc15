import { afterEach, beforeEach, expect, test } from 'vitest';
import { TempFolder } from '../../test/support/temp-folder.ts';
import { TestLedger } from '../../test/support/test-ledger.ts';
import { writeOperation } from '../database/operation.ts';
import { createLogger } from '../report/logger.ts';
import {
	HAPPENING_OPERATIONS,
	type Happening,
	type HappeningKind,
	prepareDropHappening,
	prepareHappening,
	prepareLastHappening,
} from './happening-store.ts';
import { Happenings } from './happenings.ts';

const tell = writeOperation('test.tell', (db) => {
	const write = prepareHappening(db);
	const last = prepareLastHappening(db);
	const user = db.prepare(
		`INSERT OR IGNORE INTO users (seq, id, username, username_key, password_hash, role, created_at)
		 VALUES (1, 'usr_1', 'ada', 'ada', '', 'user', 0)`,
	);
	return (told: { kind: HappeningKind; ref: number }[]) => {
		user.run();
		for (const { kind, ref } of told) write({ at: 1, kind, ownerSeq: 1, ref, detail: { ref } });
		return last();
	};
});

/** Drops them, and says which were there to be dropped. */
const drop = writeOperation('test.drop', (db) => {
	const dropOne = prepareDropHappening(db);
	return (seqs: number[]) => seqs.filter(dropOne);
});

let folder: TempFolder;
let ledger: TestLedger;
let happenings: Happenings;

const open = () => new Happenings({ ledger, logger: createLogger('silent') });

beforeEach(() => {
	folder = new TempFolder();
	ledger = new TestLedger({ file: folder.join('ledger.db'), operations: [...HAPPENING_OPERATIONS, tell, drop] });
	happenings = open();
});

afterEach(async () => {
	await happenings[Symbol.asyncDispose]();
	await ledger[Symbol.asyncDispose]();
	await folder[Symbol.asyncDispose]();
});

/** Keeps what it was told, each once. */
const keeper = () => {
	const kept: number[] = [];
	const consume = async (page: readonly Happening[]) => {
		const done = new Set(
			await ledger.write(
				drop,
				page.map(({ seq }) => seq),
			),
		);
		for (const { seq, ref } of page) if (done.has(seq)) kept.push(ref!);
	};
	return { kept, consume };
};

test('are done in order, each once, however many there are and however often one looks', async () => {
	const { kept, consume } = keeper();
	happenings.on('job.ended', consume);
	const refs = Array.from({ length: 1_203 }, (_, i) => i);
	const last = await ledger.write(
		tell,
		refs.map((ref) => ({ kind: 'job.ended' as const, ref })),
	);
	happenings.committed(last);
	happenings.kick();
	await happenings.settled();
	happenings.kick();
	await happenings.settled();
	expect(kept).toEqual(refs);
});

test('left by a process that ended are done by the next one', async () => {
	await ledger.write(tell, [{ kind: 'job.ended', ref: 7 }]);
	const { kept, consume } = keeper();
	happenings.on('job.ended', consume);
	happenings.kick();
	await happenings.settled();
	expect(kept).toEqual([7]);
});

test('of a kind whose consumer fails wait and hold up no others', async () => {
	const others = keeper();
	const own = keeper();
	let tries = 0;
	const again = new Promise<void>((resolve) => {
		happenings.on('task.ended', async (page) => {
			tries += 1;
			if (tries === 1) throw new Error('not now');
			await own.consume(page);
			resolve();
		});
	});
	happenings.on('job.ended', others.consume);
	await ledger.write(tell, [
		{ kind: 'task.ended', ref: 1 },
		{ kind: 'job.ended', ref: 2 },
	]);
	happenings.kick();
	await happenings.settled();
	expect(others.kept).toEqual([2]);
	expect(own.kept).toEqual([]);
	await again;
	await happenings.settled();
	expect(own.kept).toEqual([1]);
});

test('that nobody asked for stay', async () => {
	const last = await ledger.write(tell, [{ kind: 'file.filed', ref: 3 }]);
	happenings.on('job.ended', keeper().consume);
	happenings.committed(last);
	await happenings.settled();
	expect(await ledger.write(drop, [last])).toEqual([last]);
});
