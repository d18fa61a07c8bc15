import type { Prices, PriceVersion } from '../../../shared/protocol/price-book.ts';
import { costWords } from '../../kit/money.ts';
import { currentMonth, monthAfter, monthInWords, periodOfMonth } from '../../kit/month.ts';
import page from '../../kit/shell/page.module.css';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import { useCut } from '../usage/use-usage.ts';
import { amountAt, usedByClass } from './price-effect.ts';
import { words } from './words.ts';

interface EffectCardProps {
	current: PriceVersion | null;
	/** Null while something in it is no price. */
	draft: { prices: Prices; classFactors: Record<string, string> } | null;
	currency: string;
}

interface EffectRow {
	name: string;
	now: number;
	next: number;
}

/** What the last month would have come to at these prices, by class. */
export const EffectCard = ({ current, draft, currency }: EffectCardProps) => {
	const last = monthAfter(currentMonth(), -1);
	const month = monthInWords(last);
	const filter = { ...periodOfMonth(last), by: 'class' as const };
	const all = useCut(filter).data;
	const attempts = useCut({ ...filter, kind: 'attempt' }).data;
	if (all === undefined || attempts === undefined || draft === null) return null;
	const used = usedByClass(all.items, attempts.items);
	const rows = used.map(
		(one): EffectRow => ({
			name: one.serviceClass ?? words.noClass,
			now: current === null ? 0 : amountAt(one, current),
			next: amountAt(one, draft),
		}),
	);
	const sum = (of: 'now' | 'next'): number => rows.reduce((total, row) => total + row[of], 0);
	const together = { name: words.together, now: sum('now'), next: sum('next') };
	const columns: TableColumn<EffectRow>[] = [
		{
			...{ name: 'class', head: words.class, value: ({ name }: EffectRow) => name },
			cell: (row) => (row === together ? <strong>{row.name}</strong> : row.name),
		},
		{
			...{ name: 'now', head: words.atCurrent, isNumber: true, value: ({ now }: EffectRow) => now },
			cell: ({ now }) => costWords(now, current?.currency ?? currency),
		},
		{
			...{ name: 'next', head: words.atNew, isNumber: true, value: ({ next }: EffectRow) => next },
			cell: ({ next }) => costWords(next, currency),
		},
	];
	return (
		<section className={page.card}>
			<h2>{words.effect(month)}</h2>
			{rows.length === 0 ? (
				<p className={page.quiet}>{words.effectNone(month)}</p>
			) : (
				<>
					<p className={page.quiet}>{words.effectLead(month)}</p>
					<DataTable
						label={words.effect(month)}
						rows={[...rows, together]}
						columns={columns}
						keyOf={({ name }) => name}
						csvName={`price-effect-${last}`}
					/>
				</>
			)}
		</section>
	);
};
