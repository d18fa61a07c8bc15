import { Tooltip } from '@mantine/core';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { useLiveState } from '../live/live.tsx';
import classes from './connection-badge.module.css';

const LOOKS: Record<string, { word: string; icon: IconName; tone: string; hint: string }> = {
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

/** Whether what is on the screen is live; always visible. */
export const ConnectionBadge = () => {
	const state = useLiveState();
	const { word, icon, tone, hint } = LOOKS[state] ?? LOOKS.connecting!;
	return (
		<Tooltip label={hint} multiline w={260}>
			{/* biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation must be reachable by keyboard */}
			<span
				className={classes.badge}
				data-tone={tone}
				data-state={state}
				tabIndex={0}
				role="note"
				aria-label={`Updates: ${word}. ${hint}`}
			>
				<Icon name={icon} size={14} />
				<span className={classes.word}>{word}</span>
			</span>
		</Tooltip>
	);
};
