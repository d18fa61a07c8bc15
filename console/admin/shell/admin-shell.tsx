import { Kbd, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense } from 'react';
import { NavLink, useNavigate } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import { useLostAt } from '../../kit/live/live.tsx';
import { OnDemand } from '../../kit/on-demand.tsx';
import { bridge } from '../../kit/remote/bridge.ts';
import { useMe } from '../../kit/session/session.tsx';
import { ConnectionBadge } from '../../kit/shell/connection-badge.tsx';
import { Logo } from '../../kit/shell/logo.tsx';
import { useShortcuts } from '../../kit/shortcuts.ts';
import { LoadingState } from '../../kit/states.tsx';
import { RelativeTime } from '../../kit/time.tsx';
import { useCommands } from '../palette/commands.tsx';
import { AdminMenu } from './admin-menu.tsx';
import classes from './admin-shell.module.css';
import { shortcutGroups } from './admin-shortcuts.ts';
import { PLACES } from './places.ts';
import { words } from './words.ts';

const Palette = lazy(async () => ({ default: (await import('../palette/palette.tsx')).Palette }));
const ShortcutsDialog = lazy(async () => ({
	default: (await import('../../kit/shell/shortcuts-dialog.tsx')).ShortcutsDialog,
}));

/** The frame around every screen: which coordinator it is, whether it is live, the menu, the palette. */
export const AdminShell = ({ children }: { children: ReactNode }) => {
	const navigate = useNavigate();
	const me = useMe();
	const lostAt = useLostAt();
	const [paletteShown, palette] = useDisclosure(false);
	const [shortcutsShown, shortcuts] = useDisclosure(false);
	const groups = PLACES.map(({ title, places }) => ({
		title,
		places: places.filter(
			({ isForAdministrators = false, isOnDesktop = false }) =>
				(!isForAdministrators || me.role === 'administrator') && (!isOnDesktop || bridge.desktop !== null),
		),
	})).filter(({ places }) => places.length > 0);
	const places = groups.flatMap((group) => group.places);
	useShortcuts({
		'?': shortcuts.open,
		'/': () => document.querySelector<HTMLInputElement>('[data-filter-box]')?.focus(),
		...Object.fromEntries(places.map(({ to, key }) => [`g ${key}`, () => void navigate(to)])),
	});
	useHotkeys([['mod+K', palette.open]], []);
	useCommands([
		...places.map(({ to, word, icon, key }) => ({
			...{ id: `go ${to}`, group: words.goTo, word, icon, keys: ['g', key] },
			run: () => void navigate(to),
		})),
		{
			id: 'shortcuts',
			group: words.help,
			word: words.keyboardShortcuts,
			icon: 'help',
			keys: ['?'],
			run: shortcuts.open,
		},
	]);
	const { name, color, isProduction } = bridge.place;
	return (
		<div className={classes.shell} data-production={isProduction || undefined} data-color={color ?? undefined}>
			<button type="button" className={classes.skip} onClick={toContent}>
				{words.skip}
			</button>
			<header className={classes.header}>
				<NavLink to="/" className={classes.brand!} aria-label={words.brandLabel}>
					<Logo />
					<span>{words.brand}</span>
				</NavLink>
				<span className={classes.place} title={words.placeHint}>
					{name}
					{isProduction && <strong>{words.production}</strong>}
				</span>
				<UnstyledButton className={classes.search!} onClick={palette.open}>
					<Icon name="search" size={16} />
					<span>{words.whereTo}</span>
					<Kbd size="xs">{words.commandKey}</Kbd>
				</UnstyledButton>
				<div className={classes.right}>
					<ConnectionBadge />
					<AdminMenu onShowShortcuts={shortcuts.open} />
				</div>
			</header>
			<nav className={classes.menu} aria-label={words.main}>
				{groups.map(({ title, places: shown }) => (
					<section key={title} {...(title === '' ? {} : { 'aria-label': title })}>
						{title !== '' && <h2>{title}</h2>}
						{shown.map(({ to, word, icon }) => (
							<NavLink key={to} to={to} end={to === '/'} className={classes.link!}>
								<Icon name={icon} />
								<span>{word}</span>
							</NavLink>
						))}
					</section>
				))}
			</nav>
			<main id="content" tabIndex={-1} className={classes.main} data-old={lostAt !== null || undefined}>
				{lostAt !== null && (
					<p className={classes.old} role="status">
						<Icon name="wifiOff" /> {words.lostBefore} <RelativeTime at={lostAt} />
						{words.lostAfter}
					</p>
				)}
				<Suspense fallback={<LoadingState what={words.thePage} />}>{children}</Suspense>
			</main>
			<OnDemand wanted={paletteShown}>{(opened) => <Palette opened={opened} onClose={palette.close} />}</OnDemand>
			<OnDemand wanted={shortcutsShown}>
				{(opened) => <ShortcutsDialog groups={shortcutGroups(places)} opened={opened} onClose={shortcuts.close} />}
			</OnDemand>
		</div>
	);
};

/** The address behind the `#` is the screen's, so that no link can lead there. */
const toContent = (): void => document.getElementById('content')?.focus();
