import type { ReactNode } from 'react';
import { errorText } from '../remote/error-text.ts';
import { LoadingState } from '../states.tsx';
import classes from './account.module.css';

/** A part of the page with its own heading, lead and act. */
export const Card = (props: { title: string; lead: string; act?: ReactNode; children: ReactNode }) => (
	<section className={classes.card}>
		<div className={classes.cardHead}>
			<div>
				<h2>{props.title}</h2>
				<p>{props.lead}</p>
			</div>
			{props.act}
		</div>
		{props.children}
	</section>
);

interface CardListProps<T> {
	query: { data: { items: T[] } | undefined; error: unknown };
	what: string;
	none: string;
	row(item: T): ReactNode;
}

/** The list in a card, in each of its states. */
export const CardList = <T extends { id: string }>({ query, what, none, row }: CardListProps<T>) => {
	if (query.data === undefined) {
		return query.error ? (
			<p className={classes.error} role="alert">
				{errorText(query.error)}
			</p>
		) : (
			<LoadingState what={what} rows={2} />
		);
	}
	if (query.data.items.length === 0) return <p className={classes.none}>{none}</p>;
	return (
		<ul className={classes.list}>
			{query.data.items.map((item) => (
				<li key={item.id}>{row(item)}</li>
			))}
		</ul>
	);
};
