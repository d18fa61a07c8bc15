import { useDisclosure } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { NavLink, useNavigate } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import { useLiveState } from '../../kit/live/live.tsx';
import { OnDemand } from '../../kit/on-demand.tsx';
import { ConnectionBadge } from '../../kit/shell/connection-badge.tsx';
import { Logo } from '../../kit/shell/logo.tsx';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { LoadingState } from '../../kit/states.tsx';
import { useUploadQueue, useUploads } from '../uploads/uploads.tsx';
import { MoreMenu, type Place } from './more-menu.tsx';
import { NoticeBell } from './notice-bell.tsx';
import { PORTAL_SHORTCUTS } from './portal-shortcuts.ts';
import classes from './shell.module.css';
import { UserMenu } from './user-menu.tsx';

const UploadTray = lazy(async () => ({ default: (await import('../uploads/upload-tray.tsx')).UploadTray }));
const ShortcutsDialog = lazy(async () => ({
	default: (await import('../../kit/shell/shortcuts-dialog.tsx')).ShortcutsDialog,
}));

const PLACES: Place[] = [
	{ to: '/files', word: 'Files', icon: 'folder' },
	{ to: '/datasets', word: 'Datasets', icon: 'dataset' },
	{ to: '/tasks', word: 'Tasks', icon: 'list' },
	{ to: '/recipes', word: 'Recipes', icon: 'recipe' },
	{ to: '/schedules', word: 'Schedules', icon: 'clock' },
];
const MORE: Place[] = [
	{ to: '/jobs', word: 'Jobs', icon: 'jobs' },
	{ to: '/results', word: 'Results', icon: 'circleCheck' },
	{ to: '/sources', word: 'Sources', icon: 'link' },
	{ to: '/usage', word: 'Usage', icon: 'chart' },
];
/** So many at the bottom of a phone, and `More` beside them. */
const TABS = 4;

/** The frame around every page of somebody signed in; the upload tray lives here, so that it outlives pages. */
export const Shell = ({ children }: { children: ReactNode }) => {
	const navigate = useNavigate();
	const state = useLiveState();
	const { reading } = useUploads();
	const uploading = useUploadQueue().items.length > 0 || reading !== null;
	const [shortcutsShown, shortcuts] = useDisclosure(false);
	const [menuShown, setMenuShown] = useState(false);
	useShortcuts({
		'?': shortcuts.open,
		'/': () => document.querySelector<HTMLInputElement>('[data-filter-box]')?.focus(),
		'g f': () => navigate('/files'),
		'g t': () => navigate('/tasks'),
		'g r': () => navigate('/recipes'),
		'g d': () => navigate('/datasets'),
		'g s': () => navigate('/schedules'),
		'g j': () => navigate('/jobs'),
		'g o': () => navigate('/results'),
		'g n': () => navigate('/notices'),
		'g a': () => navigate('/account'),
		'g u': () => navigate('/usage'),
		'g b': () => navigate('/trash'),
	});
	const linksTo = (places: readonly Place[]) =>
		places.map(({ to, word, icon }) => (
			<NavLink key={to} to={to} className={classes.link!}>
				<Icon name={icon} />
				<span>{word}</span>
			</NavLink>
		));
	return (
		<div className={classes.shell}>
			<a className={classes.skip} href="#content">
				Skip to the content
			</a>
			<header className={classes.header}>
				<div className={classes.bar}>
					<NavLink to="/files" className={classes.brand!} aria-label="Millrace, to the files">
						<Logo />
						<span>Millrace</span>
					</NavLink>
					<nav className={classes.places} aria-label="Main">
						{linksTo(PLACES)}
						<MoreMenu places={MORE} onToggle={setMenuShown} />
					</nav>
					<div className={classes.right}>
						<ConnectionBadge />
						<NoticeBell />
						<UserMenu onShowShortcuts={shortcuts.open} onToggle={setMenuShown} />
					</div>
				</div>
			</header>
			<main
				id="content"
				tabIndex={-1}
				className={classes.main}
				data-old={state === 'reconnecting' || undefined}
				// What the menu covers in part is no target meanwhile.
				inert={menuShown}
			>
				<Suspense fallback={<LoadingState what="the page" />}>{children}</Suspense>
			</main>
			<nav className={classes.tabs} aria-label="Main, at the bottom">
				{linksTo(PLACES.slice(0, TABS))}
				<MoreMenu isAtBottom places={[...PLACES.slice(TABS), ...MORE]} onToggle={setMenuShown} />
			</nav>
			<OnDemand wanted={uploading}>{() => <UploadTray />}</OnDemand>
			<OnDemand wanted={shortcutsShown}>
				{(opened) => <ShortcutsDialog groups={PORTAL_SHORTCUTS} opened={opened} onClose={shortcuts.close} />}
			</OnDemand>
		</div>
	);
};
