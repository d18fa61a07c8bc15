import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { plural } from '../format.ts';
import { Icon } from '../icons.tsx';
import { useSearchParam } from '../shell/use-search-param.ts';
import classes from './data-table.module.css';
import { SortHead } from './sort-head.tsx';
import { sorted, sortingOf, sortingText, type TableColumn } from './table-column.ts';
import { saveText, tableCsv } from './table-csv.ts';
import { useSteadyOrder } from './use-steady-order.ts';
import { VirtualRows } from './virtual-rows.tsx';

export interface DataTableProps<T> {
	/** What the table is, for screen readers. */
	label: string;
	rows: readonly T[];
	columns: readonly TableColumn<T>[];
	keyOf(row: T): string;
	/** As the address has it, such as `-started`; what is chosen is in the address as `sortName`. */
	sort?: string;
	/** Another name in the address where a page has several tables. */
	sortName?: string;
	/** The name of the CSV file without its ending. */
	csvName: string;
	/** Rows that are not here yet; null when these are all. Then CSV says so in its name. */
	hasMore?: boolean;
	onMore?(): void;
	/** Beside the count, over the table. */
	tools?: ReactNode;
}

/** From so many rows on only those in view are in the document. */
const VIRTUAL_FROM = 200;

/** Rows to read, sort and take along as CSV. For rows to select there is RowGrid. */
export const DataTable = <T,>(props: DataTableProps<T>) => {
	const { rows, columns, keyOf, hasMore = false, sortName = 'sort' } = props;
	const [text, setText] = useSearchParam(sortName);
	const by = sortingOf(text === '' ? (props.sort ?? '') : text);
	const { column, isDescending } = by ?? {};
	const inOrder = useMemo(
		() => sorted(rows, columns, column === undefined ? null : { column, isDescending: isDescending === true }),
		[rows, columns, column, isDescending],
	);
	const { rows: shown, release, listeners } = useSteadyOrder(inOrder, keyOf);
	const cellsOf = (row: T) =>
		columns.map((each, at) => {
			const Cell = at === 0 ? 'th' : 'td';
			return (
				<Cell key={each.name} data-number={each.isNumber || undefined} {...(at === 0 ? { scope: 'row' as const } : {})}>
					{each.cell(row)}
				</Cell>
			);
		});
	return (
		<div className={classes.whole}>
			<div className={classes.tools}>
				<span className={classes.count}>
					{hasMore ? `The first ${plural(rows.length, 'row')}` : plural(rows.length, 'row')}
				</span>
				{props.tools}
				<Button
					size="compact-sm"
					variant="subtle"
					color="gray"
					leftSection={<Icon name="download" size={15} />}
					onClick={() => saveText(tableCsv(shown, columns), `${props.csvName}.csv`, 'text/csv')}
				>
					CSV
				</Button>
			</div>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keys */}
			<section className={classes.scroll} tabIndex={0} aria-label={`${props.label}, scrolls`}>
				<table
					{...listeners}
					className={classes.table}
					aria-label={props.label}
					aria-rowcount={hasMore ? -1 : rows.length + 1}
				>
					<colgroup>
						{columns.map(({ name, width }) => (
							<col key={name} style={width === undefined ? {} : { width }} />
						))}
					</colgroup>
					<thead>
						<tr aria-rowindex={1}>
							{columns.map((each) => (
								<SortHead
									key={each.name}
									column={each}
									by={by}
									onSort={(next) => {
										release();
										setText(sortingText(next));
									}}
								/>
							))}
						</tr>
					</thead>
					{shown.length > VIRTUAL_FROM ? (
						<VirtualRows rows={shown} keyOf={keyOf} cellsOf={cellsOf} width={columns.length} />
					) : (
						<tbody>
							{shown.map((row, at) => (
								<tr key={keyOf(row)} aria-rowindex={at + 2}>
									{cellsOf(row)}
								</tr>
							))}
						</tbody>
					)}
				</table>
			</section>
			{hasMore && (
				<Button className={classes.more!} variant="default" onClick={() => props.onMore?.()}>
					Load more
				</Button>
			)}
		</div>
	);
};
