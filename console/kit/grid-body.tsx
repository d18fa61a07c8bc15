import type { Ref } from 'react';
import { GridRow, type RowColumn } from './grid-row.tsx';
import classes from './row-grid.module.css';
import type { ListSelection } from './use-selection.ts';

/** What a list's body shows. */
export interface GridBodyProps<T extends { id: string }> {
	rows: readonly T[];
	columns: readonly RowColumn<T>[];
	nameOf(row: T): string;
	selection: ListSelection;
	rowHeight: number;
	body: Ref<HTMLTableSectionElement> & { current: HTMLTableSectionElement | null };
	/** Called when the last rows come into view. */
	onNearEnd(): void;
}

/** All rows at once: for lists that are short enough. */
export const GridBody = <T extends { id: string }>({ rows, columns, nameOf, selection, body }: GridBodyProps<T>) => (
	<tbody ref={body} className={classes.body}>
		{rows.map((row, index) => (
			<GridRow
				key={row.id}
				row={row}
				index={index}
				columns={columns}
				name={nameOf(row)}
				acts={selection.acts}
				isSelected={selection.selection.chosen.has(row.id)}
				isTabStop={selection.tabStop === row.id}
				top={null}
				measure={undefined}
			/>
		))}
	</tbody>
);
