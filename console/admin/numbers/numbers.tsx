import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './numbers.module.css';

/** A row of numbers, each with what it counts. */
export const Numbers = ({ label, children }: { label: string; children: ReactNode }) => (
	<dl className={classes.numbers} aria-label={label}>
		{children}
	</dl>
);

interface NumberProps {
	name: string;
	/** Where the list is that it counts. */
	to?: string | undefined;
	/** What there is to say of it, in a few words. */
	note?: ReactNode;
	children: ReactNode;
}

export const NumberOf = ({ name, to, note, children }: NumberProps) => (
	<div className={classes.one}>
		<dt>{name}</dt>
		<dd>
			{to === undefined ? (
				<span className={classes.value}>{children}</span>
			) : (
				<Link className={classes.value!} to={to}>
					{children}
				</Link>
			)}
			{note !== undefined && <span className={classes.note}>{note}</span>}
		</dd>
	</div>
);

/** A thing’s name in a table, in one line; all of it on hovering. */
export const NameLink = ({ name, to }: { name: string; to: string }) => (
	<Link className={classes.name!} to={to} title={name}>
		{name}
	</Link>
);

/** What must not be broken into lines. */
export const Whole = ({ children }: { children: ReactNode }) => <span className={classes.whole}>{children}</span>;
