import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { Desktop } from '../../bridge.ts';
import { bridge } from '../../kit/remote/bridge.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { useSession } from '../../kit/session/session.tsx';
import { keys } from '../remote/keys.ts';
import classes from './connect.module.css';
import { words } from './words.ts';

/** The page hears its own keys: so the menu's command is what a key is. */
const pressPaletteKeys = () =>
	document.documentElement.dispatchEvent(
		new KeyboardEvent('keydown', { key: 'k', code: 'KeyK', ctrlKey: true, bubbles: true }),
	);

export const useDesktopState = (desktop: Desktop) =>
	useQuery({ queryKey: keys.desktop, queryFn: () => desktop.readState(), staleTime: Number.POSITIVE_INFINITY });

/** Where nobody is signed in there is no frame around the screen: which coordinator it is must be seen all the same. */
const PlaceStrip = () => {
	const { name, color, isProduction } = bridge.place;
	return (
		<header className={classes.strip} data-color={isProduction ? 'red' : (color ?? undefined)}>
			<span>
				{name}
				{isProduction && <strong> · {words.production}</strong>}
			</span>
			<a href="#/connect">{words.coordinators}</a>
		</header>
	);
};

/** Does what menu, tray and links ask for, and leads to the coordinators when there is none to talk to. */
export const DesktopTies = ({ desktop }: { desktop: Desktop }) => {
	const navigate = useNavigate();
	const { pathname } = useLocation();
	const session = useSession();
	const { data: state } = useDesktopState(desktop);
	useEffect(
		() =>
			desktop.onCommand((command) => {
				switch (command.kind) {
					case 'palette':
						pressPaletteKeys();
						break;
					case 'go':
						void navigate(command.to);
						break;
					case 'state':
						void queryClient.invalidateQueries({ queryKey: keys.desktop });
						break;
				}
			}),
		[desktop, navigate],
	);
	const hasNone = state !== undefined && (state.currentId === null || state.isRefused);
	useEffect(() => {
		if (hasNone) void navigate('/connect');
	}, [hasNone, navigate]);
	return session.state.kind === 'in' || pathname === '/connect' ? null : <PlaceStrip />;
};
