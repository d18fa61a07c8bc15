import { Button, Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Icon, type IconName } from './icons.tsx';
import classes from './states.module.css';

interface EmptyStateProps {
	icon: IconName;
	title: string;
	children?: ReactNode;
	actions?: ReactNode;
	/** It is the whole page: its title is the page's heading. */
	isPage?: boolean;
}

/** Nothing is here: what will be here, and the one thing to do. */
export const EmptyState = (props: EmptyStateProps) => (
	<div className={classes.state}>
		<span className={classes.icon}>
			<Icon name={props.icon} size={28} />
		</span>
		{props.isPage ? <h1 className={classes.title}>{props.title}</h1> : <h2 className={classes.title}>{props.title}</h2>}
		{props.children && <div className={classes.text}>{props.children}</div>}
		{props.actions && <div className={classes.actions}>{props.actions}</div>}
	</div>
);

interface ErrorStateProps {
	error: unknown;
	what: string;
	onRetry?: () => void;
	/** Other ways on, after trying again. */
	actions?: ReactNode;
}

/** It could not be shown: why, and a button to try again. */
export const ErrorState = ({ error, what, onRetry, actions }: ErrorStateProps) => (
	<div className={classes.state} role="alert">
		<span className={classes.icon} data-error>
			<Icon name="alert" size={28} />
		</span>
		<h2 className={classes.title}>{what}</h2>
		<div className={classes.text}>{error instanceof Error ? error.message : String(error)}</div>
		{(onRetry || actions) && (
			<div className={classes.actions}>
				{onRetry && (
					<Button variant="default" leftSection={<Icon name="refresh" size={16} />} onClick={onRetry}>
						Try again
					</Button>
				)}
				{actions}
			</div>
		)}
	</div>
);

const PATIENCE_MS = 10_000;

/** Grey rows while something is read; after ten seconds it says what is awaited, so that no spinner is ever dead. */
export const LoadingState = ({ what, rows = 6 }: { what: string; rows?: number }) => {
	const [late, setLate] = useState(false);
	useEffect(() => {
		const timer = setTimeout(() => setLate(true), PATIENCE_MS);
		return () => clearTimeout(timer);
	}, []);
	return (
		<div className={classes.loading} role="status" aria-label={`Reading ${what}`}>
			{Array.from({ length: rows }, (_, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
				<Skeleton key={row} height={18} width={`${92 - ((row * 13) % 40)}%`} radius="sm" />
			))}
			{late && <p className={classes.late}>Still waiting for the server to send {what}. It may be busy.</p>}
		</div>
	);
};
