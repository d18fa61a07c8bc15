import type { UsageFilter } from '../../../shared/client/usage.ts';
import type { UsageCut, UsageCutItem } from '../../../shared/protocol/usage.ts';
import { USAGE_KINDS } from '../../../shared/protocol/usage.ts';
import { currentMonth, monthAfter, periodOfMonth } from '../../kit/month.ts';

/** What the page can be cut by: the server's cuts, months made of days, and the single records. */
export const VIEWS = [
	...(['owner', 'group', 'class', 'type', 'node', 'queue', 'kind', 'month', 'day', 'hour', 'record'] as const),
] as const;
export type View = (typeof VIEWS)[number];

/** What narrows down, by its name in the address. */
export const NARROWED_BY = ['owner', 'group', 'class', 'type', 'node', 'queue', 'kind'] as const;
export type NarrowedBy = (typeof NARROWED_BY)[number];
export type Narrowed = Partial<Record<NarrowedBy, string>>;

export interface UsageAsked {
	from: string;
	/** Not included. */
	to: string;
	by: View;
	narrowed: Narrowed;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The server tells so long a time by the hour at most. */
const LONGEST_BY_HOUR_MS = 31 * DAY_MS;

const instantOf = (text: string | null): string | null => {
	const at = text === null || !/^20\d\d-\d\d-\d\d/.test(text) ? Number.NaN : Date.parse(text);
	return Number.isNaN(at) ? null : new Date(at).toISOString();
};

/** What an address asks for; this month by person unless it says otherwise. */
export const askedOf = (params: URLSearchParams, now = Date.now()): UsageAsked => {
	const month = periodOfMonth(currentMonth(now));
	const [from, to] = [instantOf(params.get('from')), instantOf(params.get('to'))];
	const isPeriod = from !== null && to !== null && from < to;
	const by = VIEWS.find((one) => one === params.get('by')) ?? 'owner';
	const narrowed: Narrowed = {};
	for (const name of NARROWED_BY) {
		const value = params.get(name);
		const isKnown = name !== 'kind' || USAGE_KINDS.some((kind) => kind === value);
		if (value && isKnown) narrowed[name] = value;
	}
	return { ...(isPeriod ? { from, to } : month), by, narrowed };
};

/** The address of what is asked for. */
export const addressOf = ({ from, to, by, narrowed }: UsageAsked): string =>
	`/usage?${new URLSearchParams({ from, to, by, ...narrowed })}`;

/** What of an address the server is asked for. */
export const filterOf = ({ from, to, by, narrowed }: UsageAsked): UsageFilter => ({
	...{ from, to, ...narrowed },
	by: by === 'month' ? 'day' : by === 'record' ? 'owner' : by,
});

const spanOf = ({ from, to }: Pick<UsageAsked, 'from' | 'to'>): number => Date.parse(to) - Date.parse(from);

/** By what a line over time goes. */
export const paceOf = (asked: UsageAsked): 'hour' | 'day' => (spanOf(asked) <= 2 * DAY_MS ? 'hour' : 'day');

/** The month that a period is exactly; null: it is none. */
export const monthOf = ({ from, to }: Pick<UsageAsked, 'from' | 'to'>): string | null => {
	const month = from.slice(0, 7);
	const whole = periodOfMonth(month);
	return whole.from === from && whole.to === to ? month : null;
};

/** Records cannot be narrowed down to a group. */
export const mayShow = (view: View, asked: UsageAsked): boolean => {
	if (view === 'record') return asked.narrowed.group === undefined || asked.narrowed.owner !== undefined;
	return view !== 'hour' || spanOf(asked) <= LONGEST_BY_HOUR_MS;
};

/** What is of interest next, from the most to the least. */
const NEXT: readonly View[] = ['owner', 'type', 'node', 'day', 'hour', 'record'];
const TIMES: Partial<Record<View, number>> = { day: DAY_MS, hour: HOUR_MS };

/** Where a row of a cut leads: the same narrowed down to it, told apart by what is not narrowed down yet. Null: nowhere. */
export const drillOf = (asked: UsageAsked, key: string | null): UsageAsked | null => {
	const { by } = asked;
	if (key === null || by === 'record') return null;
	const next: UsageAsked = { ...asked, narrowed: { ...asked.narrowed } };
	if (by === 'month') Object.assign(next, periodOfMonth(key));
	else if (by === 'day' || by === 'hour') {
		const start = Date.parse(key);
		if (Number.isNaN(start)) return null;
		const end = start + (TIMES[by] ?? 0);
		next.from = new Date(Math.max(start, Date.parse(asked.from))).toISOString();
		next.to = new Date(Math.min(end, Date.parse(asked.to))).toISOString();
	} else next.narrowed[by] = key;
	const span = spanOf(next);
	const isOpen = (view: View): boolean => {
		if (view === by || !mayShow(view, next)) return false;
		const unit = TIMES[view];
		if (unit !== undefined) return span > unit;
		return view === 'record' || next.narrowed[view as NarrowedBy] === undefined;
	};
	return { ...next, by: NEXT.find(isOpen) ?? 'record' };
};

const ADDED = [
	...(['records', 'tasks', 'wallMs', 'cpuMs', 'userMs', 'systemMs', 'deviceMs', 'gpuMs', 'memoryMibMs'] as const),
	...(['readBytes', 'writtenBytes', 'bytesIn', 'bytesOut', 'storedMibS', 'requests', 'amountMicro'] as const),
] as const;

/** Days as months; together they are what the days are together. */
export const foldMonths = (days: readonly UsageCutItem[]): UsageCutItem[] => {
	const months = new Map<string, UsageCutItem>();
	for (const day of days) {
		const key = (day.key ?? '').slice(0, 7);
		const there = months.get(key);
		if (there === undefined) {
			months.set(key, { ...day, key, nodes: { ...day.nodes }, lost: { ...day.lost } });
			continue;
		}
		for (const name of ADDED) there[name] += day[name];
		for (const name of ['bytesIn', 'bytesOut'] as const) there.nodes[name] += day.nodes[name];
		for (const name of ['records', 'wallMs', 'cpuMs'] as const) there.lost[name] += day.lost[name];
	}
	return [...months.values()];
};

/** The rows of a view. */
export const rowsOf = (view: View, { items }: UsageCut): readonly UsageCutItem[] =>
	view === 'month' ? foldMonths(items) : items;

/** The period so many months later, where it is a month; else as long a time before or after. */
export const movedBy = (asked: UsageAsked, more: 1 | -1): UsageAsked => {
	const month = monthOf(asked);
	if (month !== null) return { ...asked, ...periodOfMonth(monthAfter(month, more)) };
	const shift = spanOf(asked) * more;
	const moved = (at: string) => new Date(Date.parse(at) + shift).toISOString();
	return { ...asked, from: moved(asked.from), to: moved(asked.to) };
};
