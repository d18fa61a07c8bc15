import type { PriceVersion } from '../../../shared/protocol/price-book.ts';
import { costWords } from '../../kit/money.ts';
import { DataTable } from '../../kit/table/data-table.tsx';
import type { TableColumn } from '../../kit/table/table-column.ts';
import classes from '../accounting/accounting.module.css';
import { type PriceLine, priceLines } from './price-changes.ts';
import { PRICED_WORDS, words } from './words.ts';

const nameOf = ({ priced, serviceClass }: PriceLine): string =>
	priced === null ? words.factorOf(serviceClass ?? '') : PRICED_WORDS[priced];

interface PriceTableProps {
	lines: readonly PriceLine[];
	currency: string;
	hasBefore: boolean;
	label: string;
}

/** What things cost, beside what they cost before; what has changed says so in words, too. */
const PriceTable = ({ lines, currency, hasBefore, label }: PriceTableProps) => {
	const shown = ({ priced }: PriceLine, value: number | null): string => {
		if (priced === null) return value === null ? '1' : String(value);
		return value === null || value === 0 ? words.free : costWords(value, currency);
	};
	const columns: TableColumn<PriceLine>[] = [
		{ name: 'item', head: words.item, cell: nameOf, value: nameOf },
		...(hasBefore
			? [
					{
						...{ name: 'before', head: words.before, isNumber: true },
						cell: (line: PriceLine) => shown(line, line.before),
						value: (line: PriceLine) => line.before,
					},
				]
			: []),
		{
			...{ name: 'now', head: words.now, isNumber: true, value: ({ now }: PriceLine) => now },
			cell: (line) => (line.isChanged ? <strong>{shown(line, line.now)}</strong> : shown(line, line.now)),
		},
		...(hasBefore
			? [
					{
						...{ name: 'change', head: words.change, isNumber: true },
						cell: ({ before, now, isChanged, priced }: PriceLine) => {
							if (!isChanged) return '';
							const [was, is] = priced === null ? [before ?? 1, now ?? 1] : [before ?? 0, now ?? 0];
							const share = was === 0 ? '' : ` ${Math.abs(Math.round((is / was - 1) * 100))} %`;
							return (
								<span className={is > was ? classes.up : classes.down}>
									{is > was ? '↑' : '↓'}
									{share}
								</span>
							);
						},
						value: ({ before, now }: PriceLine) => (now ?? 0) - (before ?? 0),
					},
				]
			: []),
	];
	return (
		<DataTable
			label={label}
			rows={lines}
			columns={columns}
			keyOf={({ key }) => key}
			sortName="lines"
			csvName={label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}
		/>
	);
};

/** One version, compared with the one before it. */
export const VersionDetail = ({ shown, before }: { shown: PriceVersion; before: PriceVersion | null }) => (
	<section className={classes.section}>
		<h2>{words.detail(shown.version)}</h2>
		<p className={classes.note}>{before === null ? words.first : words.against(before.version)}</p>
		<PriceTable
			label={words.detail(shown.version)}
			lines={priceLines(shown, before)}
			currency={shown.currency}
			hasBefore={before !== null}
		/>
	</section>
);
