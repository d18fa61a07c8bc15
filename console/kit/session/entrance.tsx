import type { ReactNode } from 'react';
import { Logo } from '../shell/logo.tsx';
import classes from './entrance.module.css';

/** The calm frame of the pages before one is signed in. */
export const Entrance = ({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) => (
	<main className={classes.page}>
		<div className={classes.card}>
			<Logo size={40} />
			<h1 className={classes.title}>{title}</h1>
			{lead && <p className={classes.lead}>{lead}</p>}
			{children}
		</div>
	</main>
);
