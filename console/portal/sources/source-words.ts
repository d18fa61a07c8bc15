import type { SourceRunView, SourceUse, SourceView } from '../../../shared/protocol/source.ts';
import { formatCount, plural } from '../../kit/format.ts';
import type { StateLook } from '../../kit/task-words.ts';

const STOPPED: StateLook = { word: 'Stopped', color: 'orange', icon: 'pause' };
const USED_UP: StateLook = { word: 'Month used up', color: 'orange', icon: 'hourglass' };
const RUNNING: StateLook = { word: 'Running', color: 'indigo', icon: 'play' };
const ACTIVE: StateLook = { word: 'Active', color: 'teal', icon: 'circleCheck' };

export const RUN_LOOKS: Record<SourceRunView['state'], StateLook> = {
	open: RUNNING,
	done: { word: 'Done', color: 'teal', icon: 'circleCheck' },
	late: { word: 'Too late', color: 'orange', icon: 'clock' },
	unusable: { word: 'Not usable', color: 'red', icon: 'circleX' },
	failed: { word: 'Failed', color: 'red', icon: 'circleX' },
};

/** What is most to be known of it now. */
export const sourceLook = ({ state, use, lastRun }: Pick<SourceView, 'state' | 'use' | 'lastRun'>): StateLook => {
	if (state === 'stopped') return STOPPED;
	if (lastRun?.state === 'open') return RUNNING;
	return use.left === 0 ? USED_UP : ACTIVE;
};

/** `every day at 07:30, Europe/London`; those that are paused do not count. */
export const whenWords = (schedules: SourceView['schedules']): string => {
	const active = schedules.filter(({ state }) => state === 'active');
	if (active.length > 0) return active.map(({ sentence }) => sentence).join('; ');
	return schedules.length > 0 ? 'its schedule is paused' : 'only when it is asked to';
};

/** When it runs next of itself; null: it does not. */
export const nextRunAt = (schedules: SourceView['schedules']): string | null =>
	schedules.flatMap((one) => one.nextRunAt ?? []).sort()[0] ?? null;

/** Money as it is written, in whatever currency: two digits, and more where the price of an item needs them. */
export const moneyWords = (amount: number): string =>
	amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 });

type Caps = Pick<SourceView, 'mostItemsPerMonth' | 'mostSpendPerMonth'>;

/** `120 of 1,000 items this month`, or without what it may take. */
export const useWords = ({ items }: SourceUse, { mostItemsPerMonth }: Caps): string =>
	mostItemsPerMonth === null
		? `${plural(items, 'item')} this month`
		: `${formatCount(items)} of ${plural(mostItemsPerMonth, 'item')} this month`;

/** How much of the month is taken, 0 to 1: of the cap that is nearer. What runs may still bring counts. Null: no cap. */
export const shareOfMonth = (use: SourceUse, caps: Caps): number | null => {
	if (use.left === null) return null;
	if (use.left === 0) return 1;
	const taken = use.items + use.reserved;
	const byItems = caps.mostItemsPerMonth === null ? 0 : taken / caps.mostItemsPerMonth;
	const bySpend = caps.mostSpendPerMonth === null ? 0 : use.spend / caps.mostSpendPerMonth;
	return Math.min(1, Math.max(byItems, bySpend));
};

/** The host of a link that may be followed; null for anything else, whatever the server has let through. */
export const hostOf = (link: string | null): string | null => {
	if (link === null) return null;
	try {
		const { protocol, hostname } = new URL(link);
		return protocol === 'https:' || protocol === 'http:' ? hostname.replace(/^www\./, '') : null;
	} catch {
		return null;
	}
};
