import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../icons.tsx';
import classes from './selection-bar.module.css';

/**
 * The tools of a list. While something is selected the bar with its acts lies in their place; they keep the room, so
 * that the list below does not jump.
 */
export const Tools = (props: { className: string; bar: ReactNode; children: ReactNode }) => (
	<div className={classes.place}>
		<div className={props.className} data-covered={props.bar ? '' : undefined}>
			{props.children}
		</div>
		{props.bar}
	</div>
);

/** What can be done with what is selected. */
export const SelectionBar = (props: { words: string; onClear(): void; children: ReactNode }) => (
	<div className={classes.bar} role="toolbar" aria-label="Acts on the selection">
		<strong className={classes.words} aria-live="polite">
			{props.words}
		</strong>
		<div className={classes.acts}>{props.children}</div>
		<Button
			className={classes.clear!}
			variant="subtle"
			color="gray"
			size="sm"
			leftSection={<Icon name="close" size={15} />}
			onClick={props.onClear}
		>
			Clear
		</Button>
	</div>
);
