import { Tooltip, UnstyledButton } from '@mantine/core';
import type { LiveState } from '../../../shared/client/live-client.ts';
import { Icon, type IconName } from '../icons.tsx';
import { useLiveState } from '../live/live.tsx';
import { queryClient } from '../remote/query-client.ts';
import classes from './connection-badge.module.css';

const LOOKS: Record<LiveState, { word: string; icon: IconName; tone: string; hint: string }> = {
	connecting: { word: 'Connecting', icon: 'refresh', tone: 'wait', hint: 'Opening the line for live updates.' },
	live: { word: 'Live', icon: 'zap', tone: 'good', hint: 'What you see is up to date.' },
	reconnecting: {
		word: 'Reconnecting',
		icon: 'wifiOff',
		tone: 'bad',
		hint: 'The line for live updates is down. What you see may be old; it is read again every 15 seconds.',
	},
	'signed-out': { word: 'Signed out', icon: 'signOut', tone: 'bad', hint: 'Sign in again.' },
	closed: { word: 'Paused', icon: 'pause', tone: 'wait', hint: 'Live updates are paused.' },
};

/** Whether what is on the screen is live; always visible. A press reads everything on the screen again. */
export const ConnectionBadge = () => {
	const state = useLiveState();
	const { word, icon, tone, hint } = LOOKS[state];
	return (
		<Tooltip label={`${hint} Press to read again.`} multiline w={260}>
			<UnstyledButton
				className={classes.badge!}
				data-tone={tone}
				data-state={state}
				aria-label={`${word}: read again what is shown`}
				onClick={() => void queryClient.invalidateQueries({ refetchType: 'active' })}
			>
				<Icon name={icon} size={14} />
				<span className={classes.word}>{word}</span>
			</UnstyledButton>
		</Tooltip>
	);
};
