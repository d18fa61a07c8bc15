import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobWishSchema } from '../../shared/protocol/job.ts';
import type { TaskSubmission } from '../../shared/protocol/task.ts';
import { abortedAtWrite } from '../../test/support/aborted-at-write.ts';
import { attemptUsageRow } from '../../test/support/attempt-usage-row.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';
import { settleOutputs } from '../../test/support/settle-outputs.ts';
import { UsageCounters } from '../accounting/usage-counters.ts';
import { newId } from '../database/new-id.ts';
import { retryOwnTask } from '../queue/retry-store.ts';
import { readPlaced } from '../recipes/refire-store.ts';
import { readProvenance } from '../results/provenance-store.ts';
import { ledgerViolations } from '../verify/ledger-rules-store.ts';
import { settlePlain } from './settle-store.ts';
import { TaskForgetting } from './task-forgetting.ts';

const BY = { actor: 'usr_a', address: '' };
const demand = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
const never = new AbortController().signal;
const BESIDE = { place: 'beside', conflict: 'version' } as const;

let room: JobsRoom;
/** What ended before is old. */
let endedBefore: number;
let forgetting: TaskForgetting;
const open = async () => {
	room = await JobsRoom.open();
	room.policies.make('backfill', { idleOnly: true });
	forgetting = new TaskForgetting({ ledger: room.ledger, now: () => endedBefore });
};
beforeEach(open);
afterEach(() => room[Symbol.asyncDispose]());

const forgetBefore = async (instant: number, signal = never) => {
	endedBefore = instant;
	await new UsageCounters({ ledger: room.ledger }).catchUp();
	return forgetting.forget(0, signal);
};
const submit = async (task: Partial<TaskSubmission> = {}) => {
	const [made] = (await room.submit(task)).submitted;
	return made!;
};
const startJob = async (files: string[]) => {
	const wish = jobWishSchema.parse({ steps: [{ type: 'md5' }], over: { files } });
	const { id } = await room.processing.jobs.start(demand, wish, null, BY);
	await room.settled();
	return id;
};
const attemptOf = (seq: number) => room.count(`SELECT attempt + 1 FROM tasks WHERE seq = ${seq}`);
const succeed = (seq: number, at: number) =>
	settleOutputs(room, seq, { outputs: ['resized.jpg'], at, attempt: attemptOf(seq) });
const fail = (seq: number, at: number) => {
	const attempt = attemptOf(seq);
	const item = {
		...{ seq, ownerSeq: 1, attempt, token: 'x', node: 'nod_1', startedAt: at - 1, finishedAt: at },
		...{ attemptState: 'failed' as const, reason: 'it broke', failures: 1, losses: 0, unclaimed: true },
		...{ result: null, error: { code: 'broken', message: 'it broke' } },
		next: { state: 'failed' as const, dueAt: null, avoidNode: null },
		usage: attemptUsageRow(seq, undefined, { at, attempt }),
	};
	return room.ledger.write(settlePlain, [item]);
};
const seqs = (where = 'TRUE') =>
	room.db.prepare(`SELECT seq FROM tasks WHERE ${where} ORDER BY seq`).pluck().all() as number[];
const broken = () => ledgerViolations(room.db, { settled: false });
const used = () => room.db.prepare('SELECT seq, owner_seq, task_seq, attempt, wall_us FROM usage_records').all();

test('whatever is done, forgotten and killed in whichever order, what is left is whole and what was used stays', async () => {
	const at = fc.integer({ min: 2, max: 9 }).map((second) => second * 1_000);
	const pick = fc.nat({ max: 30 });
	const step = fc.oneof(
		{ weight: 3, arbitrary: fc.record({ upload: fc.nat({ max: 2 }) }) },
		{ weight: 2, arbitrary: fc.record({ submit: fc.constantFrom('noop', 'after', 'resize'), pick }) },
		{ weight: 1, arbitrary: fc.record({ job: fc.constant(true) }) },
		{ weight: 9, arbitrary: fc.record({ end: pick, at, fails: fc.boolean() }) },
		{ weight: 1, arbitrary: fc.record({ cancel: pick, at }) },
		{ weight: 1, arbitrary: fc.record({ retry: pick }) },
		{ weight: 1, arbitrary: fc.record({ follow: fc.constant(true) }) },
		{ weight: 3, arbitrary: fc.record({ forget: fc.option(at), after: fc.option(fc.integer({ min: 1, max: 3 })) }) },
	);
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), async (steps) => {
			await room[Symbol.asyncDispose]();
			await open();
			const files = new Set<string>();
			const of = (found: readonly number[], index: number) => found[index % Math.max(1, found.length)];
			for (const one of steps) {
				if ('upload' in one) files.add((await room.upload(`/f${one.upload}.png`, randomBytes(20))).file.id);
				else if ('submit' in one) {
					const file = of(
						[...files].map((_, i) => i),
						one.pick,
					);
					const before = of(seqs(`state IN ('queued', 'waiting', 'succeeded') AND owner_seq = 1`), one.pick);
					if (one.submit === 'noop' || (one.submit === 'resize' ? file : before) === undefined) await submit();
					else if (one.submit === 'resize') {
						const inputs = [{ file: [...files][file!]! }];
						await submit({ type: 'resize', parameters: { width: 9 }, inputs, results: BESIDE });
					} else {
						const after = room.db.prepare('SELECT id FROM tasks WHERE seq = ?').pluck().get(before) as string;
						await submit({ after: [after] });
					}
				} else if ('job' in one) {
					if (files.size > 0) await startJob([...files]);
				} else if ('end' in one) {
					const seq = of(seqs(`state = 'queued'`), one.end);
					if (seq !== undefined) await (one.fails ? fail(seq, one.at) : succeed(seq, one.at));
				} else if ('cancel' in one) {
					const seq = of(seqs(`state = 'queued' AND seq NOT IN (SELECT after_seq FROM task_dependencies)`), one.cancel);
					room.db
						.prepare(`UPDATE tasks SET state = 'cancelled', cancel_at = @at, finished_at = @at WHERE seq = @seq`)
						.run({ seq: seq ?? 0, at: one.at });
				} else if ('retry' in one) {
					const seq = of(seqs(`state = 'failed'`), one.retry);
					if (seq !== undefined) await room.ledger.write(retryOwnTask, { seq, now: 1, cap: null });
				} else if ('follow' in one) await room.settled();
				else {
					const before = used();
					const instant = one.forget ?? Date.now() + 1_000;
					const young = seqs(`finished_at IS NULL OR finished_at >= ${instant}`);
					const { signal, restore } = abortedAtWrite(room.ledger, one.after ?? Number.POSITIVE_INFINITY);
					await forgetBefore(instant, signal);
					restore();
					expect(used()).toEqual(before);
					expect(seqs(`finished_at IS NULL OR finished_at >= ${instant}`)).toEqual(young);
				}
				expect(broken()).toEqual([]);
			}
		}),
		{ numRuns: 12 },
	);
}, 240_000);

test('tasks that are old go with all that hangs on them, others stay, and it is told that they are no longer kept', async () => {
	const old = await submit();
	const young = await submit();
	const later = await submit();
	await submit();
	await succeed(old.seq, 5_000);
	await succeed(young.seq, 50_000);
	const lines = room.db.prepare(`INSERT INTO task_logs VALUES (${old.seq}, ?, 1, 'out', 'x')`);
	room.db.transaction(() => {
		for (let i = 0; i < 12_000; i++) lines.run(i);
	})();
	expect(await forgetBefore(10_000)).toBe('1 tasks were forgotten, and 0 jobs');
	expect(seqs()).toEqual([young.seq, later.seq, later.seq + 1]);
	for (const table of ['task_logs', 'attempts', 'task_outputs'])
		expect(room.count(`SELECT count(*) FROM ${table} WHERE task_seq = ${old.seq}`)).toBe(0);
	expect(room.count('SELECT count(*) FROM blobs WHERE refs = 0 AND idle_since IS NOT NULL')).toBe(1);
	expect(broken()).toEqual([]);

	// Its id tells that it was made before.
	const id = newId('task', 9_000);
	await expect(room.reader.read(id)).rejects.toMatchObject({
		code: 'no-longer-kept',
		message: /ended before 1970-01-01/,
	});
	await expect(room.reader.ownerOf(id)).rejects.toMatchObject({ code: 'no-longer-kept' });
	await expect(room.processing.jobs.read(newId('job', 9_000))).rejects.toMatchObject({ code: 'no-longer-kept' });
	await expect(room.reader.read(newId('task', 11_000))).rejects.toMatchObject({ code: 'not-found' });
	await expect(room.reader.read('tsk_x')).rejects.toMatchObject({ code: 'not-found' });
});

test('a job goes when all its tasks are old, page by page, and until then counts those that are left', async () => {
	const { file } = await room.upload('/a.png', 'a');
	for (const seq of seqs()) await succeed(seq, 60_000);
	const files = [file.id];
	for (let i = 0; i < 250; i++) files.push((await room.upload(`/b${i}`, `${i}`)).file.id);
	room.db.exec(`UPDATE tasks SET state = 'succeeded', finished_at = 60000, attempt = 0 WHERE state <> 'succeeded'`);
	const id = await startJob(files);
	const other = await startJob([file.id]);
	const mine = seqs(`job_seq = (SELECT seq FROM jobs WHERE id = '${id}')`);
	room.db.exec(`UPDATE tasks SET state = 'cancelled', cancel_at = 3, finished_at = 3 WHERE seq IN (${mine.slice(1)})`);
	await succeed(mine[0]!, 3_000);
	await room.settled();
	const job = async () => (await room.processing.jobs.read(id)).job;
	const { succeeded, cancelled, total } = (await job()).tasks;
	expect([succeeded, cancelled, total]).toEqual([1, 250, 251]);
	// It ended just now, though its tasks say otherwise.
	expect(await forgetBefore(10_000)).toBe('0 tasks were forgotten, and 0 jobs');
	room.db.exec(`UPDATE jobs SET finished_at = 3000 WHERE id = '${id}'`);
	await new UsageCounters({ ledger: room.ledger }).catchUp();
	const { signal, restore } = abortedAtWrite(room.ledger, 1);
	await forgetBefore(10_000, signal);
	restore();
	expect((await job()).tasks).toMatchObject({ total: 51, succeeded: 0, cancelled: 51 });
	expect(await forgetBefore(10_000)).toBe('51 tasks were forgotten, and 1 jobs');
	await expect(job()).rejects.toMatchObject({ code: 'not-found' });
	expect((await room.processing.jobs.read(other)).job.state).toBe('running');
});

test('of a result it is kept how it was made, and which triggers led to it, when its task is gone', async () => {
	const { file } = await room.upload('/a.png', 'a');
	const { seq } = await submit({
		type: 'resize',
		parameters: { width: 9 },
		inputs: [{ file: file.id }],
		results: BESIDE,
	});
	room.db.exec(`INSERT INTO task_origins (task_seq, cause, trigger_seq, lineage, filing) VALUES (${seq}, 'upload', 7, '[3]', '${JSON.stringify(BESIDE)}')
		ON CONFLICT DO UPDATE SET trigger_seq = 7, lineage = '[3]', cause = 'upload'`);
	const [result] = (await succeed(seq, 2_000)).files;
	await submit();
	const made = () => room.ledger.read(readProvenance, { id: result!.id, version: null });
	const placed = async () => {
		const fileSeq = room.count(`SELECT seq FROM files WHERE id = '${result!.id}'`);
		const { lineage, isOfUnknown } = (await room.ledger.read(readPlaced, { fileSeq, version: 1 }))!;
		return { lineage, isOfUnknown };
	};
	const [wasMade, wasPlaced] = [(await made())?.made, await placed()];
	expect(wasPlaced).toEqual({ lineage: [3, 7], isOfUnknown: false });
	await forgetBefore(10_000);
	expect(seqs()).not.toContain(seq);
	expect((await made())?.made).toEqual(wasMade);
	expect(await placed()).toEqual(wasPlaced);
	expect(broken()).toEqual([]);
});

test('what something is still to follow from stays until it has', async () => {
	const { seq } = await submit();
	await submit();
	await fail(seq, 2_000);
	expect(room.count(`SELECT count(*) FROM happenings WHERE kind = 'task.ended'`)).toBe(1);
	await forgetBefore(10_000);
	expect(seqs()).toContain(seq);
	await room.settled();
	await forgetBefore(10_000);
	expect(seqs()).not.toContain(seq);
});

test('a task stays until it is counted how it ended', async () => {
	const { seq } = await submit();
	await submit();
	await succeed(seq, 2_000);
	endedBefore = 10_000;
	expect(await forgetting.forget(0, never)).toBe('0 tasks were forgotten, and 0 jobs');
	expect(await forgetBefore(10_000)).toBe('1 tasks were forgotten, and 0 jobs');
	expect(room.count(`SELECT reports FROM usage_counters WHERE outcome = 'success'`)).toBe(1);
});

test('a task outlives the records of what it used, and says so', async () => {
	const { seq, id } = await submit();
	await succeed(seq, 2_000);
	expect((await room.reader.read(id)).attempts).toMatchObject([{ number: 1, usage: { wallMs: 12 } }]);
	room.db.exec(`DROP TRIGGER usage_records_kept; DELETE FROM usage_records`);
	expect(broken().map(({ rule }) => rule)).toContain('I4 every attempt that is over was metered exactly once');
	room.db.exec('UPDATE usage_forgotten SET to_seq = 9');
	expect(broken()).toEqual([]);
	expect(await room.reader.read(id)).toMatchObject({ attempts: [{ number: 1, usage: null }], amountMicro: 0 });
});

test('usage that has lost its attempt otherwise is found', async () => {
	const [one, two] = [await submit(), await submit()];
	await submit();
	await succeed(one.seq, 2_000);
	await succeed(two.seq, 3_000);
	await forgetBefore(2_500);
	expect(broken()).toEqual([]);
	room.db.exec(`DELETE FROM tasks WHERE seq = ${two.seq}`);
	expect(broken().map(({ rule }) => rule)).toEqual([
		'I4 no usage without an attempt, but of tasks that were forgotten',
		'I4 no more attempts have left their usage than were forgotten',
	]);
});
