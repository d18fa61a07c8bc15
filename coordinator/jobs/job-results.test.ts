import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobWishSchema, type NewJobWish } from '../../shared/protocol/job.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { settleOutputs } from '../../test/support/settle-outputs.ts';
import { planArchive } from '../files/archive.ts';

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
	// What uploads start is not what these tests are about.
	room.db.exec('INSERT INTO recipe_books VALUES (1, 1), (2, 1)');
});
afterEach(() => room[Symbol.asyncDispose]());

const start = async (wish: NewJobWish) => {
	const demand = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
	const by = { actor: 'usr_a', address: '' };
	const { id } = await room.processing.jobs.start(demand, jobWishSchema.parse(wish), null, by);
	await room.settled();
	return id;
};
/** Ends the job's tasks one after the other. */
const endAll = async (id: string, outputs: readonly string[]) => {
	const seqs = room.db
		.prepare('SELECT t.seq FROM tasks t JOIN jobs j ON j.seq = t.job_seq WHERE j.id = ? AND t.finished_at IS NULL')
		.pluck()
		.all(id) as number[];
	for (const seq of seqs) await settleOutputs(room, seq, { outputs });
};
const listed = async (id: string): Promise<string[]> => {
	const steps = [];
	for await (const step of room.processing.jobs.results(id)) {
		steps.push('file' in step ? `${step.folder}/${step.file.name}` : `${step.folder}/`);
	}
	return steps;
};

test('a job’s archive has its files by where they lie now, and what stays with its tasks beside what was worked on', async () => {
	const files = await Promise.all(['/a/b/one.png', '/c/two.png'].map((path) => room.upload(path, path)));
	const over = { files: files.map(({ file }) => file.id) };
	const kept = { type: 'thumbnail', parameters: {} };
	const filed = {
		type: 'resize',
		parameters: { width: 200 },
		results: { place: 'beside', conflict: 'version' } as const,
	};
	const id = await start({ steps: [filed, kept], over });
	await expect(listed(id)).rejects.toThrow('has brought nothing yet');
	await endAll(id, ['resized.jpg']);
	expect((await listed(id)).sort()).toEqual([
		...['a/', 'a/b/', 'a/b/one-200x133.jpg', 'a/b/one-resized.jpg', 'c/', 'c/two-200x133.jpg', 'c/two-resized.jpg'],
	]);
	const result = await room.files.contentAt(1, ['c', 'two-200x133.jpg']);
	const target = { kind: 'file', id: result?.fileId ?? '', ownerSeq: 1, by: { actor: 'usr_a', address: '' } } as const;
	await room.files.move(target, ['d', 'mine.jpg']);
	expect(await listed(id)).toContain('d/mine.jpg');
	// What is in the trash as a file is still what the job has brought.
	await room.files.trash(target);
	expect(await listed(id)).toContain('c/two-resized.jpg');
	expect(await listed(id)).toHaveLength(7);
});

test('thousands of tasks that name their outputs alike come by pages, each with its bytes', async () => {
	const MANY = 1_203;
	const { file } = await room.upload('/x.txt', 'x');
	const id = await start({ steps: [{ type: 'md5' }], over: { files: [file.id] } });
	const row = room.db.prepare(`SELECT t.* FROM tasks t JOIN jobs j ON j.seq = t.job_seq WHERE j.id = ?`).get(id) as {
		seq: number;
	};
	await settleOutputs(room, row.seq, { outputs: { 'a.txt': Buffer.from('a'), 'b.txt': Buffer.from('bb') } });
	// The rest is this one over and over.
	const columns = (room.db.pragma('table_info(tasks)') as { name: string }[]).map(({ name }) => name);
	const copied = columns.filter((name) => !['seq', 'id', 'dedupe_key'].includes(name)).join(', ');
	const copy = room.db.prepare(`INSERT INTO tasks (id, ${copied}) SELECT ?, ${copied} FROM tasks WHERE seq = ?`);
	const outputs = room.db.prepare(
		'INSERT INTO task_outputs SELECT ?, name, blob_seq, media_type FROM task_outputs WHERE task_seq = ?',
	);
	room.db.transaction(() => {
		for (let i = 1; i < MANY; i++) outputs.run(copy.run(`tsk_${i}`, row.seq).lastInsertRowid, row.seq);
	})();
	expect(await listed(id)).toHaveLength(2 * MANY);
	let bytes = 0;
	const archive = await planArchive(room.processing.jobs.results(id), room.files.blobs);
	await archive.writeTo(async (piece) => {
		bytes += piece.length;
	});
	expect(bytes).toBe(archive.bytes);
});
