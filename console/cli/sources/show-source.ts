import type { SourceItem, SourceRunView, SourceUse, SourceView } from '../../../shared/protocol/source.ts';
import type { Output } from '../terminal/output.ts';
import { counted, localTime } from '../terminal/words.ts';

const leftWords = ({ left }: SourceUse): string => (left === null ? 'no cap' : `${left} left`);

export const runWords = ({ state, items, more, note }: SourceRunView): string => {
	const brought = state === 'open' ? 'runs' : state === 'done' ? counted(items, 'item') : state;
	return `${brought}${more ? ', and there is more' : ''}${note === null ? '' : `: ${note}`}`;
};

/** A source for a person to read. */
export const showSource = (out: Output, source: SourceView): void => {
	const line = (title: string, text: string): void => out.line(`${`${title}:`.padEnd(16)}${text}`);
	const { dataset, use, lastRun, schedules, secrets, mostSpendPerMonth, pricePerItem } = source;
	line('source', `${source.name} (${source.id})`);
	line('what', `${source.type} ${JSON.stringify(source.parameters)}`);
	if (Object.keys(secrets).length > 0) line('secrets', Object.keys(secrets).join(', '));
	line('state', source.reason === null ? source.state : `${source.state}: ${source.reason}`);
	line('dataset', `${dataset.name}, ${dataset.version === 0 ? 'empty' : `version ${dataset.version}`}`);
	for (const { sentence, nextRunAt, name } of schedules) {
		line(
			'when',
			`${sentence}${nextRunAt === null ? '; paused' : `; next at ${localTime(nextRunAt)}`} (schedule ${name})`,
		);
	}
	if (schedules.length === 0) line('when', 'when it is asked to');
	line('last run', lastRun === null ? 'never' : `${localTime(lastRun.startedAt)}, ${runWords(lastRun)}`);
	const reserved = use.reserved === 0 ? '' : `, ${use.reserved} more reserved`;
	line('this month', `${counted(use.items, 'item')}${reserved}; ${leftWords(use)}`);
	if (pricePerItem > 0) {
		const most = mostSpendPerMonth === null ? '' : ` of ${mostSpendPerMonth} at most`;
		line('spent', `${use.spend}${most}; ${pricePerItem} an item`);
	}
};

export const USE_COLUMNS = [
	{ title: 'MONTH' },
	{ title: 'ITEMS', side: 'right' as const },
	{ title: 'RESERVED', side: 'right' as const },
	{ title: 'SPENT', side: 'right' as const },
	{ title: 'LEFT', side: 'right' as const },
];
export const useRow = ({ month, items, reserved, spend, left }: SourceUse): string[] => [
	...[month, String(items), String(reserved), String(spend)],
	left === null ? 'any' : String(left),
];

export const ITEM_COLUMNS = ['FOUND', 'MADE', 'AUTHOR', 'LINK', 'TEXT'].map((title) => ({ title }));
export const itemRow = ({ foundAt, at, author, link, title, text }: SourceItem): string[] => [
	...[localTime(foundAt), at === null ? '' : localTime(at), author ?? '', link ?? ''],
	(title ?? text ?? '').replace(/\s+/g, ' '),
];
