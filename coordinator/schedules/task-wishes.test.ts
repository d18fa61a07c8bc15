import { expect, it } from 'vitest';
import { TestBook } from '../../test/support/policy-book.ts';
import type { NewTask } from '../queue/submit-store.ts';
import { plainOrigin } from '../queue/task-origin-store.ts';
import { TaskWishes } from './task-wishes.ts';

it('a scheduled task says which schedule it is of, and keeps the secrets that it was given', async () => {
	const secrets = { bearerToken: `sec_${'0'.repeat(26)}` };
	const asked: unknown[] = [];
	const wishes = new TaskWishes({
		submissions: {
			async prepare(_owner, submission) {
				asked.push(submission.secrets);
				return { id: 'tsk_1', origin: { ...plainOrigin('demand'), given: { secrets } } } as unknown as NewTask;
			},
		},
		policies: new TestBook(),
		mayNameAny: () => false,
	});
	const work = await wishes.prepare({ seq: 1, role: 'user' } as never, { type: 'x-topic', secrets }, 7, 1_000);
	expect(asked).toEqual([secrets]);
	expect(work.tasks[0]?.origin).toEqual({ ...plainOrigin('schedule'), scheduleSeq: 7, given: { secrets } });
});
