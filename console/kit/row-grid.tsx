import { Checkbox } from '@mantine/core';
import { type KeyboardEvent, lazy, Suspense, useCallback, useRef } from 'react';
import { GridBody, type GridBodyProps } from './grid-body.tsx';
import type { RowColumn } from './grid-row.tsx';
import classes from './row-grid.module.css';
import { useRowFocus } from './use-row-focus.ts';
import type { ListSelection } from './use-selection.ts';

/** From so many rows on only those in view are in the document. */
const VIRTUAL_FROM = 200;

const LazyVirtualBody = lazy(async () => ({ default: (await import('./virtual-body.tsx')).VirtualBody }));
// `lazy` forgets that the component is generic.
const VirtualBody = LazyVirtualBody as unknown as typeof GridBody;

interface RowGridProps<T extends { id: string }> {
	label: string;
	rows: readonly T[];
	columns: readonly RowColumn<T>[];
	/** What a row is called, for its checkbox. */
	nameOf(row: T): string;
	selection: ListSelection;
	/** Sets the columns' widths in `--columns`, also for narrow screens. */
	className: string;
	rowHeight: number;
	/** More rows are on the server; `onEnd` is called when the last ones come into view. */
	hasMore?: boolean;
	onEnd?(): void;
	onOpen(row: T): void;
	/** Other keys on a row. */
	onRowKey?(event: KeyboardEvent, row: T): void;
}

/** A list of things to look at, select and open, by mouse, touch and keyboard alike; long ones are virtual. */
export const RowGrid = <T extends { id: string }>(props: RowGridProps<T>) => {
	const { rows, columns, selection, onEnd, hasMore = false } = props;
	const body = useRef<HTMLTableSectionElement>(null);
	useRowFocus(body, selection);
	const onNearEnd = useCallback(() => {
		if (hasMore) onEnd?.();
	}, [hasMore, onEnd]);

	const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
		const { target } = event;
		if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
		const onRow = target.dataset.row !== undefined;
		// Space and Enter on a control in the row are that control's own.
		if (!onRow && (event.key === ' ' || event.key === 'Enter')) return;
		if (selection.onKey(event)) return;
		const row = rows.find(({ id }) => id === selection.selection.current);
		if (!onRow || row === undefined) return;
		if (event.key === 'Enter') props.onOpen(row);
		else props.onRowKey?.(event, row);
	};
	const { chosen } = selection.selection;
	const all = rows.length > 0 && chosen.size === rows.length;
	const shared: GridBodyProps<T> = {
		rows,
		columns,
		selection,
		body,
		onNearEnd,
		nameOf: props.nameOf,
		rowHeight: props.rowHeight,
	};
	return (
		<table
			// biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that is used by keys
			role="grid"
			className={`${classes.grid} ${props.className}`}
			aria-label={props.label}
			aria-multiselectable
			aria-rowcount={hasMore ? -1 : rows.length + 1}
			onKeyDown={onKeyDown}
		>
			<thead className={classes.head}>
				<tr className={classes.row} aria-rowindex={1}>
					<th scope="col" data-column="check" className={classes.cell}>
						<Checkbox
							size="xs"
							aria-label={all ? 'Select none' : `Select all ${rows.length}`}
							checked={all}
							indeterminate={!all && chosen.size > 0}
							onChange={() => (all ? selection.acts.clear() : selection.acts.all())}
						/>
					</th>
					{columns.map(({ name, head }) => (
						<th key={name} scope="col" data-column={name} className={classes.cell}>
							{head}
						</th>
					))}
				</tr>
			</thead>
			{rows.length > VIRTUAL_FROM ? (
				<Suspense fallback={<GridBody {...shared} rows={rows.slice(0, VIRTUAL_FROM)} />}>
					<VirtualBody {...shared} />
				</Suspense>
			) : (
				<GridBody {...shared} />
			)}
		</table>
	);
};
