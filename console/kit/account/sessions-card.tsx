import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { endOtherSessions, endSession, listSessions } from '../../../shared/client/session.ts';
import { deviceWords } from '../../kit/device-words.ts';
import { Icon } from '../icons.tsx';
import { http } from '../remote/api.ts';
import { useAct } from '../remote/use-act.ts';
import { RelativeTime } from '../time.tsx';
import classes from './account.module.css';
import { SESSIONS_KEY } from './account-keys.ts';
import { words } from './account-words.ts';
import { Card, CardList } from './card.tsx';
import { useEnding } from './use-ending.ts';

/** Where one is signed in, and a way to end each. */
export const SessionsCard = () => {
	const query = useQuery({ queryKey: SESSIONS_KEY, queryFn: ({ signal }) => listSessions(http, { signal }) });
	const ending = useEnding({
		key: SESSIONS_KEY,
		done: () => 'The session has ended',
		end: (id: string) => endSession(http, id),
	});
	const others = useAct({
		act: () => endOtherSessions(http),
		key: SESSIONS_KEY,
		done: words.othersEnded,
		failed: words.failed,
	});
	return (
		<Card
			title="Sessions"
			lead="Browsers in which you are signed in."
			act={
				(query.data?.items.length ?? 0) > 1 && (
					<Button variant="default" loading={others.isPending} onClick={() => others.mutate()}>
						{words.endOthers}
					</Button>
				)
			}
		>
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
								{session.address} · used <RelativeTime at={session.lastUsedAt} /> · signed in{' '}
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
