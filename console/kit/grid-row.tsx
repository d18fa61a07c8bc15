import { Checkbox } from '@mantine/core';
import { type MouseEvent, memo, type ReactNode } from 'react';
import classes from './row-grid.module.css';
import type { SelectionActs } from './use-selection.ts';

/** One column: its head and what it shows of a row. */
export interface RowColumn<T> {
	name: string;
	head: ReactNode;
	cell(row: T): ReactNode;
}

interface GridRowProps<T extends { id: string }> {
	row: T;
	index: number;
	name: string;
	columns: readonly RowColumn<T>[];
	acts: SelectionActs;
	isSelected: boolean;
	isTabStop: boolean;
	/** Where it lies in a virtual list; null in a plain one. */
	top: number | null;
	measure: ((element: HTMLElement | null) => void) | undefined;
}

const Row = <T extends { id: string }>(props: GridRowProps<T>) => {
	const { row, index, name, acts, isSelected, isTabStop, top } = props;
	const onClick = (event: MouseEvent) => {
		const control = (event.target as HTMLElement).closest('a, button, input, label');
		if (control !== null && event.currentTarget.contains(control)) return;
		if (event.shiftKey || event.ctrlKey || event.metaKey) acts.toggle(row.id, event.shiftKey);
		else acts.focus(row.id);
	};
	return (
		<tr
			ref={props.measure}
			data-index={index}
			data-row={row.id}
			className={classes.row}
			aria-rowindex={index + 2}
			aria-selected={isSelected}
			tabIndex={isTabStop ? 0 : -1}
			style={
				top === null
					? undefined
					: { position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${top}px)` }
			}
			onClick={onClick}
			onFocus={() => acts.focus(row.id)}
		>
			<td data-column="check" className={classes.cell}>
				<Checkbox
					size="xs"
					aria-label={`Select ${name}`}
					checked={isSelected}
					onChange={(event) => acts.toggle(row.id, (event.nativeEvent as unknown as globalThis.MouseEvent).shiftKey)}
				/>
			</td>
			{props.columns.map((column) => (
				<td key={column.name} data-column={column.name} className={classes.cell}>
					{column.cell(row)}
				</td>
			))}
		</tr>
	);
};

/** A row that is drawn again only when something of it has changed. */
export const GridRow = memo(
	Row,
	(before, after) =>
		before.row === after.row &&
		before.index === after.index &&
		before.columns === after.columns &&
		before.isSelected === after.isSelected &&
		before.isTabStop === after.isTabStop &&
		before.top === after.top &&
		before.acts === after.acts,
) as typeof Row;
