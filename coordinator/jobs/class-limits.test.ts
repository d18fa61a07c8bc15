import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { taskSubmissionSchema } from '../../shared/protocol/task.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';

let room: JobsRoom;
beforeEach(async () => {
	room = await JobsRoom.open();
});
afterEach(() => room[Symbol.asyncDispose]());

const tasks = () => room.count('SELECT count(*) FROM tasks');
const pending = () => room.count('SELECT pending FROM task_counts WHERE owner_seq = 1');

describe('the cap on tasks in line', () => {
	test('of ten thousand submits at once exactly a hundred get in', async () => {
		room.policies.give(1, { caps: { queued: 100 } });
		const answers = await Promise.allSettled(Array.from({ length: 10_000 }, () => room.submit()));
		const refused = answers.filter((answer) => answer.status === 'rejected');
		expect(refused).toHaveLength(9_900);
		for (const { reason } of refused) expect(reason.code).toBe('too-many-queued');
		expect(refused[0]?.reason.message).toContain('class tight lets 100 of your tasks wait');
		expect(refused[0]?.reason.message).toContain('100 wait already, and 1 more for normal');
		expect([tasks(), pending()]).toEqual([100, 100]);
	});

	test('a batch gets in whole or not at all', async () => {
		room.policies.give(1, { caps: { queued: 10 } });
		await room.batch(Array.from({ length: 6 }, () => ({})));
		await expect(room.batch(Array.from({ length: 5 }, () => ({})))).rejects.toMatchObject({ code: 'too-many-queued' });
		expect(tasks()).toBe(6);
		await room.batch(Array.from({ length: 4 }, () => ({})));
		expect(tasks()).toBe(10);
	});

	test('what waits on time or on another task counts; what has ended does not', async () => {
		room.policies.give(1, { caps: { queued: 2 } });
		const { ids, submitted } = await room.submit();
		const [first = ''] = ids;
		await room.submit({ after: [first] });
		await expect(room.submit({ notBefore: '2100-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'too-many-queued' });
		await room.queue.steering.cancelOwn(submitted[0]!.seq);
		// With it went the one that waited for it.
		expect(pending()).toBe(0);
		await room.batch([{ notBefore: '2100-01-01T00:00:00Z' }, {}]);
		await expect(room.submit()).rejects.toMatchObject({ code: 'too-many-queued' });
	});

	test('what is in line already is not refused when it is asked for again', async () => {
		room.policies.give(1, { caps: { queued: 1 } });
		const first = await room.submit({ dedupeKey: 'a' }, 'key');
		expect((await room.submit({ dedupeKey: 'a' })).ids).toEqual(first.ids);
		expect((await room.submit({ dedupeKey: 'a' }, 'key')).ids).toEqual(first.ids);
		await expect(room.submit({ dedupeKey: 'b' })).rejects.toMatchObject({ code: 'too-many-queued' });
	});

	test('trying again counts as a submit of one’s own', async () => {
		room.policies.give(1, { caps: { queued: 1 } });
		const { steering } = room.queue;
		const own = async () => ({ seq: (await room.submit()).submitted[0]!.seq, ownerSeq: 1 });
		const first = await own();
		await steering.cancelOwn(first.seq);
		const second = await own();
		await expect(steering.retryOwn(first)).rejects.toMatchObject({ code: 'too-many-queued' });
		// What could not be tried again in any case is told as that.
		await expect(steering.retryOwn(second)).rejects.toMatchObject({ code: 'wrong-state' });
		await steering.cancelOwn(second.seq);
		await steering.retryOwn(first);
		expect(pending()).toBe(1);
	});

	test('an upload’s tasks are never refused, but count', async () => {
		room.policies.give(1, { caps: { queued: 2 } });
		await room.upload('/a', 'one');
		expect((await room.upload('/b', 'two')).tasks).toHaveLength(2);
		expect(pending()).toBe(4);
		await expect(room.submit()).rejects.toMatchObject({ code: 'too-many-queued' });
		expect((await room.submit({}, null, 2)).ids).toHaveLength(1);
	});
});

describe('the rate of submits', () => {
	test('a repeat, a refusal and what is in line already cost nothing', async () => {
		room.policies.give(1, { rates: { submits: { perMinute: 0.001, burst: 4 } }, caps: { queued: 3 } });
		await room.submit({ dedupeKey: 'a' }, 'key');
		for (let i = 0; i < 10; i += 1) await room.submit({ dedupeKey: 'a' }, 'key');
		for (let i = 0; i < 10; i += 1) await room.submit({ dedupeKey: 'a' });
		await room.batch([{}, {}]);
		await expect(room.submit()).rejects.toMatchObject({ code: 'too-many-queued' });
		await expect(room.submit({ type: 'nothing' })).rejects.toMatchObject({ code: 'unknown-task-type' });
		room.policies.give(1, { rates: { submits: { perMinute: 0.001, burst: 4 } } });
		await room.submit();
		await expect(room.submit()).rejects.toMatchObject({ code: 'too-many-requests' });
		expect(tasks()).toBe(4);
	});
});

describe('allowed queues', () => {
	test('a key that is not allowed is refused, in a batch with its place', async () => {
		room.policies.give(1, { allowedQueues: ['normal'] });
		await expect(room.submit({ routingKey: 'priority.x' })).rejects.toMatchObject({ code: 'queue-not-allowed' });
		const refused = await room.batch([{}, { routingKey: 'priority.x' }]).catch((error) => error);
		expect(refused).toMatchObject({ code: 'batch-invalid', fields: [{ path: 'tasks[1].routingKey' }] });
		expect(tasks()).toBe(0);
	});

	test('naming another class gives nothing that one’s own does not, unless one may name any', async () => {
		room.policies.give(1, { allowedQueues: ['normal'] });
		room.policies.make('spare', { idleOnly: true });
		const task = { type: 'noop', routingKey: 'priority.x', serviceClass: 'spare' };
		await expect(room.submit(task)).rejects.toMatchObject({ code: 'queue-not-allowed' });
		await room.submit({ ...task, routingKey: 'normal.x' });
		await room.submissions.one(1, taskSubmissionSchema.parse(task), null, true);
		room.policies.make('spare', { idleOnly: true, allowedQueues: ['priority'] });
		const nowhere = { ...task, routingKey: 'normal.x' };
		await expect(room.submit(nowhere)).rejects.toThrow('which your service class spare does not allow');
		expect(tasks()).toBe(2);
	});

	test('an upload’s tasks go where they may, and are not made when they may go nowhere', async () => {
		room.policies.give(1, { allowedQueues: ['priority'] });
		expect((await room.upload('/a', 'one')).tasks).toHaveLength(2);
		expect(room.db.prepare('SELECT DISTINCT routing_key FROM tasks ORDER BY 1').pluck().all()).toEqual([
			'priority.md5',
			'priority.mimetype',
		]);
		room.policies.give(1, { allowedRoutingKeys: ['*.nothing'] });
		expect(await room.upload('/b', 'two')).toMatchObject({ file: { path: '/b' }, tasks: [] });
	});
});

describe('quotas', () => {
	const left = async () => ({
		files: room.count('SELECT count(*) FROM files'),
		staged: await readdir(room.folder.join('staging')),
		blobs: room.count('SELECT count(*) FROM blobs'),
	});

	test('are exact when many uploads come at once, and nothing of a refused one stays', async () => {
		room.policies.give(1, { quotas: { storedBytes: 1_000_000 } });
		const uploads = Array.from({ length: 12 }, (_, i) => room.upload(`/${i}`, randomBytes(150_000)));
		const answers = await Promise.allSettled(uploads);
		expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
		for (const answer of answers) {
			if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'quota-exceeded', status: 507 });
		}
		expect(await left()).toEqual({ files: 6, staged: [], blobs: 6 });
		expect(await room.files.storageOf(1)).toMatchObject({
			usedBytes: 900_000,
			quotaBytes: 1_000_000,
			nearlyFull: true,
		});
	});

	test('what is too large by its declared size is refused before a byte is read', async () => {
		room.policies.give(1, { quotas: { storedBytes: 100 } });
		await room.upload('/a', 'x'.repeat(60));
		const source = new PassThrough();
		source.write('never read');
		await expect(room.upload('/b', source, { declaredBytes: 1e8 })).rejects.toThrow(
			'gives you room for 100 bytes; your files take 60 and this would take 100000000 more: 99999960 too many',
		);
		expect(source.readableFlowing).toBeNull();
		// A size that was not declared is found out at the end.
		source.end('x'.repeat(40));
		await expect(room.upload('/b', source)).rejects.toMatchObject({ code: 'quota-exceeded' });
		expect(await left()).toEqual({ files: 1, staged: [], blobs: 1 });
	});

	test('files: a new version of one that is there is none more; nothing more is never too much', async () => {
		room.policies.give(1, { quotas: { files: 1, storedBytes: 10 } });
		await room.upload('/a', 'one');
		await expect(room.upload('/b', 'two')).rejects.toMatchObject({ code: 'quota-exceeded' });
		await room.upload('/a', 'three');
		room.policies.give(1, { quotas: { storedBytes: 2 } });
		await room.upload('/empty', '');
		await expect(room.upload('/a', 'x')).rejects.toMatchObject({ code: 'quota-exceeded' });
	});

	test('of transfer: both ways count, what is under way counts whole, and next month all begins anew', async () => {
		room.policies.give(1, { quotas: { transferBytesPerMonth: 1_000 } });
		await room.upload('/a', 'x'.repeat(400));
		const first = await room.files.downloads.begin(1, 400);
		await expect(room.files.downloads.begin(1, 201)).rejects.toMatchObject({ code: 'transfer-exceeded', status: 403 });
		await expect(room.upload('/b', 'x'.repeat(201))).rejects.toThrow(/starts again at \d{4}-\d\d-01T00:00:00.000Z/);
		first.end(100);
		const second = await room.files.downloads.begin(1, 500);
		second.end(500);
		await expect(room.files.downloads.begin(1, 1)).rejects.toMatchObject({ code: 'transfer-exceeded' });
		room.policies.give(1, {});
		(await room.files.downloads.begin(1, 1e9)).end(0);
		expect(room.db.prepare('SELECT bytes FROM transfer_use').pluck().all()).toEqual([1_000]);
	});
});

test('a task runs as long as its class lets it', async () => {
	room.policies.give(1, { longestRunMs: 5_000 });
	await room.submit();
	const capabilities = { cores: 1, memoryBytes: 1e9, hardware: {}, labels: {}, sandbox: 'none' } as const;
	const offer = { id: 'nod_a', name: 'a', queues: ['normal'], concurrency: 1, accepting: true };
	room.queue.connectNode({ ...offer, capabilities: { ...capabilities, taskTypes: ['noop'] } }, []);
	await expect.poll(() => room.assigned).toHaveLength(1);
	expect(room.assigned[0]?.limits.softMs).toBe(5_000);
	expect(room.assigned[0]?.limits.hardMs).toBeLessThanOrEqual(35_000);
});
