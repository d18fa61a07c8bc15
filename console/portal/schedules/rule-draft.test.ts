import { describe, expect, it } from 'vitest';
import { draftOfRule, newRule, type RuleDraft, ruleOf } from './rule-draft.ts';

const draft = (parts: Partial<RuleDraft>): RuleDraft => ({ ...newRule('Europe/London'), ...parts });
const timeZone = 'Europe/London';

describe('times as the form has them', () => {
	it.each([
		[{}, { cron: '30 7 * * *' }],
		[{ time: '00:05' }, { cron: '5 0 * * *' }],
		[{ kind: 'weekly', days: [5, 1] }, { cron: '30 7 * * 1,5' }],
		[{ kind: 'monthly', dayOfMonth: 31 }, { cron: '30 7 31 * *' }],
		[{ kind: 'interval', every: 2, unit: 'hours' }, { every: 7_200_000 }],
		[{ kind: 'cron', cron: ' */5 * * * * ' }, { cron: '*/5 * * * *' }],
	] as const)('%j are sent as %j', (parts, rule) => {
		expect(ruleOf(draft(parts))).toEqual({ ...rule, timeZone });
	});

	it.each([
		{ time: '' },
		{ timeZone: ' ' },
		{ kind: 'weekly', days: [] },
		{ kind: 'monthly', dayOfMonth: 32 },
		{ kind: 'monthly', dayOfMonth: Number.NaN },
		{ kind: 'interval', every: Number.NaN },
		{ kind: 'cron', cron: ' ' },
	] as const)('%j are not sent: something is missing', (parts) => {
		expect(ruleOf(draft(parts))).toBeNull();
	});

	it.each([
		{ kind: 'daily', time: '23:59' },
		{ kind: 'weekly', days: [0, 6] },
		{ kind: 'monthly', dayOfMonth: 13 },
		{ kind: 'interval', every: 90, unit: 'minutes' },
		{ kind: 'cron', cron: '*/5 * * * *' },
	] as const)('%j are the same when they come back', (parts) => {
		const { cron = null, every = null } = ruleOf(draft(parts)) ?? {};
		expect(draftOfRule({ cron, every, timeZone })).toMatchObject(parts);
	});

	it('what the form could not have made stays a pattern', () => {
		for (const cron of ['0 7 1 * 1', '@daily', '0 7 * 2 *', '0 7 * * MON-FRI', '0-5 7 * * *']) {
			expect(draftOfRule({ cron, every: null, timeZone })).toMatchObject({ kind: 'cron', cron });
		}
	});
});
