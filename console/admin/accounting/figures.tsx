import type { ReactNode } from 'react';
import classes from './accounting.module.css';

/** Numbers that matter, each with its name. */
export const Figures = ({ items }: { items: readonly (readonly [name: string, value: ReactNode])[] }) => (
	<dl className={classes.figures}>
		{items.map(([name, value]) => (
			<div key={name}>
				<dt>{name}</dt>
				<dd>{value}</dd>
			</div>
		))}
	</dl>
);
