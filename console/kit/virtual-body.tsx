import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useState } from 'react';
import type { GridBodyProps } from './grid-body.tsx';
import { GridRow } from './grid-row.tsx';
import classes from './row-grid.module.css';

const NEAR_END = 30;

/** Only the rows in view, in a body as high as all of them: for lists of any length. */
export const VirtualBody = <T extends { id: string }>(props: GridBodyProps<T>) => {
	const { rows, selection, body, onNearEnd } = props;
	const offset = useOffset(body);
	const virtual = useWindowVirtualizer({
		count: rows.length,
		estimateSize: () => props.rowHeight,
		getItemKey: (at) => rows[at]?.id ?? at,
		overscan: 12,
		scrollMargin: offset,
		scrollPaddingStart: 120,
		scrollPaddingEnd: 96,
	});
	const shown = virtual.getVirtualItems();
	const isNearEnd = (shown.at(-1)?.index ?? -1) >= rows.length - NEAR_END;
	useEffect(() => {
		if (isNearEnd) onNearEnd();
	}, [isNearEnd, onNearEnd]);
	const { moved } = selection;
	// biome-ignore lint/correctness/useExhaustiveDependencies: only a key moves the view, not a change of the rows
	useEffect(() => {
		if (moved !== null) virtual.scrollToIndex(rows.findIndex(({ id }) => id === moved.id));
	}, [moved]);
	return (
		<tbody ref={body} className={classes.body} style={{ height: virtual.getTotalSize(), position: 'relative' }}>
			{shown.map(({ index, start }) => {
				const row = rows[index];
				return (
					row && (
						<GridRow
							key={row.id}
							row={row}
							index={index}
							columns={props.columns}
							name={props.nameOf(row)}
							acts={selection.acts}
							isSelected={selection.selection.chosen.has(row.id)}
							isTabStop={selection.tabStop === row.id}
							top={start - offset}
							measure={virtual.measureElement}
						/>
					)
				);
			})}
		</tbody>
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
