import { useEffect, useRef } from 'react';
import { NavLink } from 'react-router';
import { announce } from '../../kit/announcer.tsx';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { useUnreadNotices } from '../notices/use-notices.ts';
import classes from './shell.module.css';

const MOST_SHOWN = 99;

/** Leads to the notices, and tells how many were not read. */
export const NoticeBell = () => {
	const unread = useUnreadNotices();
	const before = useRef<number | undefined>(undefined);
	useEffect(() => {
		if (before.current !== undefined && unread > before.current) announce(`${plural(unread, 'unread notice')}`);
		before.current = unread;
	}, [unread]);
	return (
		<NavLink
			to="/notices"
			className={classes.bell!}
			aria-label={unread === 0 ? 'Notices' : `Notices, ${unread} unread`}
		>
			<Icon name="bell" size={20} />
			{unread > 0 && (
				<span className={classes.count} aria-hidden="true">
					{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
				</span>
			)}
		</NavLink>
	);
};
