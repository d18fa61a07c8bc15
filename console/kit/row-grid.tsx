import { Checkbox } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { GridRow, type RowColumn } from './grid-row.tsx';
import classes from './row-grid.module.css';
import type { ListSelection } from './use-selection.ts';

/** From so many rows on only those in view are in the document. */
const VIRTUAL_FROM = 200;

interface RowGridProps<T extends { id: string }> {
	label: string;
	rows: readonly T[];
	columns: readonly RowColumn<T>[];
	/** What a row is called, for its checkbox. */
	nameOf(row: T): string;
	selection: ListSelection;
	/** Sets the columns' widths: `grid-template-columns`, also for narrow screens. */
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
	const offset = useOffset(body);
	const isVirtual = rows.length > VIRTUAL_FROM;
	const virtual = useWindowVirtualizer({
		count: rows.length,
		estimateSize: () => props.rowHeight,
		getItemKey: (at) => rows[at]?.id ?? at,
		overscan: 12,
		scrollMargin: offset,
		scrollPaddingStart: 120,
		scrollPaddingEnd: 96,
		enabled: isVirtual,
	});
	const shown = isVirtual ? virtual.getVirtualItems() : rows.map((_, index) => ({ index, start: 0 }));
	const lastShown = shown.at(-1)?.index ?? -1;
	useEffect(() => {
		if (hasMore && isVirtual && lastShown >= rows.length - 30) onEnd?.();
	}, [hasMore, isVirtual, lastShown, rows.length, onEnd]);
	useRowFocus(body, selection, (id) => {
		if (isVirtual) virtual.scrollToIndex(rows.findIndex((row) => row.id === id));
	});

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
			<tbody
				ref={body}
				className={classes.body}
				style={isVirtual ? { height: virtual.getTotalSize(), position: 'relative' } : undefined}
			>
				{shown.map(({ index, start }) => {
					const row = rows[index];
					if (row === undefined) return null;
					return (
						<GridRow
							key={row.id}
							row={row}
							index={index}
							columns={columns}
							name={props.nameOf(row)}
							acts={selection.acts}
							isSelected={chosen.has(row.id)}
							isTabStop={selection.tabStop === row.id}
							top={isVirtual ? start - offset : null}
							measure={isVirtual ? virtual.measureElement : undefined}
						/>
					);
				})}
			</tbody>
		</table>
	);
};

/** How far the list's body is from the top of the page. */
const useOffset = (body: { current: HTMLElement | null }): number => {
	const [offset, setOffset] = useState(0);
	useLayoutEffect(() => {
		const measured = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
		if (Math.abs(measured - offset) > 1) setOffset(measured);
	});
	return offset;
};

/** Focus goes where a key has led, and stays in the list when its row goes away. */
const useRowFocus = (
	body: { current: HTMLElement | null },
	{ moved, selection: { current } }: ListSelection,
	bring: (id: string) => void,
): void => {
	const bringRow = useRef(bring);
	useEffect(() => {
		bringRow.current = bring;
	});
	useEffect(() => {
		if (moved === null) return;
		bringRow.current(moved.id);
		const focus = () => {
			const row = body.current?.querySelector<HTMLElement>(`[data-row="${moved.id}"]`);
			row?.focus({ preventScroll: true });
			row?.scrollIntoView({ block: 'nearest' });
		};
		const frame = requestAnimationFrame(focus);
		return () => cancelAnimationFrame(frame);
	}, [moved, body]);
	const wasIn = useRef(false);
	useEffect(() => {
		if (wasIn.current && current !== null && document.activeElement === document.body)
			body.current?.querySelector<HTMLElement>(`[data-row="${current}"]`)?.focus();
	}, [current, body]);
	useEffect(() => {
		const look = () => {
			if (document.activeElement !== document.body)
				wasIn.current = body.current?.contains(document.activeElement) ?? false;
		};
		document.addEventListener('focusin', look);
		return () => document.removeEventListener('focusin', look);
	}, [body]);
};
