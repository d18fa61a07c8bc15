import { expect, test } from 'vitest';
import { jobWishSchema } from '../../shared/protocol/job.ts';
import { JobsRoom } from '../../test/support/jobs-room.ts';

const BY = { actor: 'usr_a', address: '' };
const demand = { ownerSeq: 1, cause: 'demand', scheduleSeq: null, triggerSeq: null } as const;
const EXCEEDED = { code: 'budget-exceeded' };

test('whatever makes a task, a used-up budget has its say: who asks is refused, what follows by itself is held', async () => {
	await using room = await JobsRoom.open();
	room.db.exec(`INSERT INTO price_book (starts_at, currency, prices, class_factors, note, created_at, created_by)
		VALUES (1, 'EUR', '{"attempt": 1000}', '{}', '', 1, 'usr_a');
		INSERT INTO budgets (id, user_seq, amount_micro, warn_at_percent, action, created_at, updated_at)
		VALUES ('bud_a', 1, 1500, 80, 'stop', 1, 1)`);
	// There is room for one.
	const { ids } = await room.submit();
	room.end(ids[0]!, 'failed');
	await room.submit();

	await expect(room.submit()).rejects.toMatchObject(EXCEEDED);
	await expect(room.batch([{}, {}])).rejects.toMatchObject(EXCEEDED);
	await expect(room.queue.steering.retryOwn({ seq: 1, ownerSeq: 1 })).rejects.toMatchObject(EXCEEDED);
	expect(room.count('SELECT count(*) FROM tasks')).toBe(2);
	// An upload does not fail for what it would start.
	const { file, tasks } = await room.upload('/a.txt', 'a');
	expect(tasks).toHaveLength(2);
	expect(room.count(`SELECT count(*) FROM tasks WHERE held_by = 'budget'`)).toBe(2);
	const wish = jobWishSchema.parse({ steps: [{ type: 'md5' }], over: { files: [file.id] } });
	await expect(room.processing.jobs.start(demand, wish, null, BY)).rejects.toMatchObject(EXCEEDED);
	expect(room.count('SELECT count(*) FROM jobs')).toBe(0);
	// Nobody is told more than once, whatever was refused.
	await room.settled();
	expect(room.count(`SELECT count(*) FROM notices WHERE kind = 'budget' AND owner_seq = 1`)).toBe(1);
});
