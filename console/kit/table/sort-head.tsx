import { UnstyledButton } from '@mantine/core';
import { Icon } from '../icons.tsx';
import classes from './data-table.module.css';
import type { Sorting, TableColumn } from './table-column.ts';

interface SortHeadProps<T> {
	column: TableColumn<T>;
	by: Sorting | null;
	onSort(by: Sorting): void;
}

/** A column's head; where there is something to sort by it is a button: numbers from the greatest first. */
export const SortHead = <T,>({ column, by, onSort }: SortHeadProps<T>) => {
	const { name, head, isNumber = false, value } = column;
	const isSorted = by?.column === name;
	const next: Sorting = { column: name, isDescending: isSorted ? !by.isDescending : isNumber };
	return (
		<th
			scope="col"
			data-number={isNumber || undefined}
			{...(isSorted ? { 'aria-sort': by.isDescending ? ('descending' as const) : ('ascending' as const) } : {})}
		>
			{value === undefined ? (
				head
			) : (
				<UnstyledButton className={classes.sort!} onClick={() => onSort(next)}>
					{head}
					{isSorted && (
						<span className={classes.arrow} data-descending={by.isDescending || undefined}>
							<Icon name="arrowDown" size={13} />
						</span>
					)}
				</UnstyledButton>
			)}
		</th>
	);
};
