import type { SchedulePreviewQuery } from '../../../shared/protocol/schedule.ts';

const UNIT_MS = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;
export type Unit = keyof typeof UNIT_MS;
export const UNITS = Object.keys(UNIT_MS) as Unit[];
export const isUnit = (text: string): text is Unit => Object.hasOwn(UNIT_MS, text);

export const RULE_KINDS = ['daily', 'weekly', 'monthly', 'interval', 'cron'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** Times as the form has them; only what belongs to the kind counts. */
export interface RuleDraft {
	kind: RuleKind;
	/** 07:30 */
	time: string;
	/** 0 is Sunday. */
	days: readonly number[];
	dayOfMonth: number;
	every: number;
	unit: Unit;
	cron: string;
	timeZone: string;
}

type Rule = Pick<SchedulePreviewQuery, 'cron' | 'every' | 'timeZone'>;

/** The zone of this machine, as that is what people mean by half past seven. */
export const zoneHere = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export const newRule = (timeZone: string): RuleDraft => ({
	...{ kind: 'daily', time: '07:30', days: [1, 2, 3, 4, 5], dayOfMonth: 1, every: 15, unit: 'minutes' },
	cron: '30 7 * * 1-5',
	timeZone,
});

/** As it is sent; null while something is missing. */
export const ruleOf = (draft: RuleDraft): Rule | null => {
	const timeZone = draft.timeZone.trim();
	if (timeZone === '') return null;
	if (draft.kind === 'interval') {
		const every = Math.round(draft.every * UNIT_MS[draft.unit]);
		return Number.isFinite(every) && every > 0 ? { every, timeZone } : null;
	}
	if (draft.kind === 'cron') return draft.cron.trim() === '' ? null : { cron: draft.cron.trim(), timeZone };
	const time = /^(\d\d):(\d\d)/.exec(draft.time);
	if (!time) return null;
	const at = `${Number(time[2])} ${Number(time[1])}`;
	switch (draft.kind) {
		case 'daily':
			return { cron: `${at} * * *`, timeZone };
		case 'weekly':
			return draft.days.length === 0 ? null : { cron: `${at} * * ${[...draft.days].sort().join(',')}`, timeZone };
		case 'monthly': {
			const isDay = Number.isInteger(draft.dayOfMonth) && draft.dayOfMonth >= 1 && draft.dayOfMonth <= 31;
			return isDay ? { cron: `${at} ${draft.dayOfMonth} * *`, timeZone } : null;
		}
	}
};

const two = (text: string): string => text.padStart(2, '0');

/** A rule as the form would have made it; what it could not have made is a pattern. */
export const draftOfRule = (rule: { cron: string | null; every: number | null; timeZone: string }): RuleDraft => {
	const base = newRule(rule.timeZone);
	if (rule.every !== null) {
		const { every } = rule;
		const unit = UNITS.toReversed().find((one) => every % UNIT_MS[one] === 0) ?? 'seconds';
		return { ...base, kind: 'interval', unit, every: every / UNIT_MS[unit] };
	}
	const cron = rule.cron ?? '';
	const fields = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|[0-6](?:,[0-6])*)$/.exec(cron);
	if (!fields) return { ...base, kind: 'cron', cron };
	const [, minute = '', hour = '', day = '', week = ''] = fields;
	const timed = { ...base, cron, time: `${two(hour)}:${two(minute)}` };
	if (day === '*' && week === '*') return { ...timed, kind: 'daily' };
	if (day === '*') return { ...timed, kind: 'weekly', days: week.split(',').map(Number) };
	if (week === '*') return { ...timed, kind: 'monthly', dayOfMonth: Number(day) };
	return { ...timed, kind: 'cron' };
};
