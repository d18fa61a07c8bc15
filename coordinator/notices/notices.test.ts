import { afterEach, beforeEach, expect, test } from 'vitest';
import { SchedulesRoom } from '../../test/support/schedules-room.ts';
import { Notices } from './notices.ts';

let room: SchedulesRoom;
let notices: Notices;
beforeEach(async () => {
	room = await SchedulesRoom.open();
	notices = new Notices({ ledger: room.jobs.ledger, happenings: room.happenings, onDeliveries: () => {} });
});
afterEach(() => room[Symbol.asyncDispose]());

const told = async (ownerSeq = 1) => (await notices.list(ownerSeq, { limit: 100 })).items;
const left = () => room.count('SELECT count(*) FROM happenings');

test('a run that is done or failed, and a schedule that pauses for it, are told to whom they belong', async () => {
	const { id } = await room.create({ name: 'morning', pauseAfter: 1 });
	await room.at('2026-01-05T07:30:00Z');
	await room.end('succeeded');
	await room.at('2026-01-06T07:30:00Z');
	await room.end('failed');
	const items = await told();
	expect(items.map(({ kind, title }) => [kind, title])).toEqual(
		expect.arrayContaining([
			['job-done', 'morning is done'],
			['job-failed', 'morning failed'],
			['schedule-paused', 'The schedule morning is paused'],
		]),
	);
	expect(items).toHaveLength(3);
	const paused = items.find(({ kind }) => kind === 'schedule-paused');
	expect(paused).toMatchObject({
		subject: id,
		text: expect.stringContaining('The last run failed'),
		readAt: null,
		count: 1,
	});
	expect(await told(2)).toEqual([]);
	// What was told is not told again.
	expect(left()).toBe(0);
	await room.settled();
	expect(await told()).toHaveLength(3);
});

test('ten thousand failures of a day are one notice that counts them, until it is read', async () => {
	await room.jobs.batch(Array.from({ length: 10_000 }, () => ({})));
	await room.jobs.submit({ type: 'noop' }, null, 2);
	room.jobs.db.exec(`UPDATE tasks SET error_message = 'no such thing'`);
	await room.end('failed');
	expect(await told()).toMatchObject([
		{ kind: 'task-failed', count: 10_000, title: 'A task noop failed', text: 'no such thing' },
	]);
	expect(await told(2)).toMatchObject([{ count: 1 }]);
	const [notice] = await told();
	expect(await notices.markRead(2, { ids: [notice!.id] })).toBe(0);
	expect(await notices.markRead(1, { ids: [notice!.id, notice!.id] })).toBe(1);
	await room.jobs.submit();
	await room.end('failed');
	expect((await told()).map(({ count, readAt }) => [count, readAt === null])).toEqual([
		[1, true],
		[10_000, false],
	]);
	expect(await notices.list(1, { limit: 10, unread: 'true' })).toMatchObject({ items: [{ count: 1 }], unread: 1 });
});

test('what is told again stands before what was told in between, and is read with what is older', async () => {
	const titles = async () => (await told()).map(({ title, count, readAt }) => [title, count, readAt === null]);
	const fail = async () => {
		await room.jobs.submit();
		await room.end('failed');
	};
	const between = (id: string) =>
		room.jobs.db
			.prepare(
				`INSERT INTO notices (id, owner_seq, kind, fold_key, title, text, at) VALUES (?, 1, 'job-done', ?, ?, '', 0)`,
			)
			.run(id, id, id);
	await fail();
	between('first');
	await fail();
	between('second');
	expect(await titles()).toEqual([
		['second', 1, true],
		['A task noop failed', 2, true],
		['first', 1, true],
	]);
	await notices.markRead(1, { upTo: (await told())[1]!.id });
	await fail();
	expect(await titles()).toEqual([
		['A task noop failed', 1, true],
		['second', 1, true],
		['A task noop failed', 2, false],
		['first', 1, false],
	]);
});

test('what its owner cancelled, and what went well by itself, is no news; tasks of a job are told by it', async () => {
	const { submitted } = await room.jobs.submit();
	await room.jobs.queue.steering.cancelOwn(submitted[0]!.seq);
	await room.jobs.submit();
	await room.end('succeeded');
	expect(await told()).toEqual([]);
	await room.create();
	await room.at('2026-01-05T07:30:00Z');
	await room.end('failed');
	expect((await told()).map(({ kind }) => kind)).toEqual(['job-failed']);
});

test('are read up to one, page by page, and forgotten when they are old or too many', async () => {
	const insert = room.jobs.db.prepare(
		`INSERT INTO notices (id, owner_seq, kind, fold_key, title, text, at) VALUES (?, ?, 'job-done', ?, 't', 'x', ?)`,
	);
	for (let i = 0; i < 1_205; i += 1) insert.run(`ntc_${i}`, 1, `${i}`, room.now + i);
	insert.run('ntc_old', 2, 'old', room.now - 91 * 86_400_000);
	const first = await notices.list(1, { limit: 5 });
	expect(first.unread).toBe(1_205);
	const second = await notices.list(1, { limit: 5, cursor: first.nextCursor ?? undefined });
	expect(second.items[0]?.id).toBe('ntc_1199');
	expect(await notices.markRead(1, { upTo: second.items[0]!.id })).toBe(1_200);
	expect(await notices.markRead(2, { upTo: 'ntc_1204' })).toBe(0);
	await notices.forgetOld(room.now);
	expect(room.count('SELECT count(*) FROM notices')).toBe(1_000);
	expect(room.count('SELECT max(seq) FROM notices WHERE owner_seq = 1')).toBe(1_205);
});
