import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endSession, listSessions } from '../../../shared/client/session.ts';
import { Icon } from '../../kit/icons.tsx';
import { http } from '../../kit/remote/api.ts';
import { RelativeTime } from '../../kit/time.tsx';
import { keys } from '../remote/keys.ts';
import classes from './account.module.css';
import { Card, CardList } from './card.tsx';
import { deviceWords } from '../../kit/device-words.ts';
import { useEnding } from './use-ending.ts';

/** Where one is signed in, and a way to end each. */
export const SessionsCard = () => {
	const query = useQuery({ queryKey: keys.sessions, queryFn: ({ signal }) => listSessions(http, { signal }) });
	const ending = useEnding({
		key: keys.sessions,
		done: () => 'The session has ended',
		end: (id: string) => endSession(http, id),
	});
	return (
		<Card title="Sessions" lead="Browsers in which you are signed in.">
			<CardList
				query={query}
				what="your sessions"
				none="No sessions."
				row={(session) => (
					<div className={classes.row}>
						<span className={classes.rowIcon}>
							<Icon name="device" size={19} />
						</span>
						<div className={classes.words}>
							<strong>
								{deviceWords(session.userAgent)}
								{session.current && <span className={classes.mark}>this one</span>}
							</strong>
							<span>
								{session.address} · used <RelativeTime at={session.lastUsedAt} /> · since{' '}
								<RelativeTime at={session.createdAt} />
							</span>
						</div>
						{!session.current && (
							<Button variant="default" size="sm" onClick={() => ending.mutate(session.id)}>
								End<span className="millrace-off-screen"> the session of {deviceWords(session.userAgent)}</span>
							</Button>
						)}
					</div>
				)}
			/>
		</Card>
	);
};
