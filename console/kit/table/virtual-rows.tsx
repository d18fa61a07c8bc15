import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

interface VirtualRowsProps<T> {
	rows: readonly T[];
	keyOf(row: T): string;
	cellsOf(row: T): ReactNode;
	/** How many columns there are. */
	width: number;
}

const ROW_HEIGHT = 41;

/** Only the rows in view; empty ones before and after them keep the table as high as all of them. */
export const VirtualRows = <T,>({ rows, keyOf, cellsOf, width }: VirtualRowsProps<T>) => {
	const body = useRef<HTMLTableSectionElement>(null);
	const [offset, setOffset] = useState(0);
	useLayoutEffect(() => {
		const measured = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
		if (Math.abs(measured - offset) > 1) setOffset(measured);
	});
	const virtual = useWindowVirtualizer({
		count: rows.length,
		estimateSize: () => ROW_HEIGHT,
		getItemKey: (at) => (rows[at] === undefined ? at : keyOf(rows[at])),
		overscan: 12,
		scrollMargin: offset,
	});
	const shown = virtual.getVirtualItems();
	const before = (shown[0]?.start ?? offset) - offset;
	const after = virtual.getTotalSize() - ((shown.at(-1)?.end ?? offset) - offset);
	const gap = (height: number) =>
		height > 0 && (
			<tr>
				<td colSpan={width} style={{ height, padding: 0, border: 0 }} />
			</tr>
		);
	return (
		<tbody ref={body}>
			{gap(before)}
			{shown.map(({ index, key }) => {
				const row = rows[index];
				return (
					row !== undefined && (
						<tr key={String(key)} ref={virtual.measureElement} data-index={index} aria-rowindex={index + 2}>
							{cellsOf(row)}
						</tr>
					)
				);
			})}
			{gap(after)}
		</tbody>
	);
};
