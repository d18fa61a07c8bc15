import { expect, test } from 'vitest';
import { reportedUsageSchema } from './agent-link.ts';
import { settlePayload } from './settle-payload.ts';

const USAGE = Object.fromEntries(Object.keys(reportedUsageSchema.shape).map((key, i) => [key, i + 1]));
const payload = (usage: Record<string, unknown>, more: Record<string, unknown> = {}) =>
	settlePayload('nod_1', [{ task: 'tsk_1', attempt: 1, token: 'x', outcome: 'succeeded', usage, ...more }]);

test.each(Object.keys(USAGE))('what a node seals tells %s', (key) => {
	expect(payload({ ...USAGE, [key]: 77 })).not.toBe(payload(USAGE));
});

test('the text is this one, as long as its number is', () => {
	expect(payload(USAGE)).toBe('millrace-task-settle:1:nod_1\ntsk_1 1 x succeeded 1000 2000 6000 10000 3 7 8 9 4 5 11');
});
