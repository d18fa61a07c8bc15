import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../kit/icons.tsx';
import classes from './selection-bar.module.css';

/** What can be done with what is selected; takes the toolbar's place, so that nothing jumps. */
export const SelectionBar = (props: { words: string; onClear(): void; children: ReactNode }) => (
	<div className={classes.bar} role="toolbar" aria-label="Acts on the selection">
		<strong className={classes.words} aria-live="polite">
			{props.words}
		</strong>
		<div className={classes.acts}>{props.children}</div>
		<Button
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
