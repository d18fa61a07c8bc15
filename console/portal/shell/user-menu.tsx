import { Popover, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { useSignOut } from '../../kit/session/use-sign-out.ts';
import { storageText } from './storage-text.ts';
import classes from './user-menu.module.css';

const ColorSchemeControl = lazy(async () => ({
	default: (await import('../../kit/shell/color-scheme-control.tsx')).ColorSchemeControl,
}));

/** Who one is, the colours, and the way out. */
export const UserMenu = (props: { onShowShortcuts(): void; onToggle(opened: boolean): void }) => {
	const me = useMe();
	const leave = useSignOut();
	const [opened, menu] = useDisclosure(false, {
		onOpen: () => props.onToggle(true),
		onClose: () => props.onToggle(false),
	});
	return (
		<Popover
			opened={opened}
			onChange={menu.set}
			position="bottom-end"
			width={272}
			offset={8}
			shadow="md"
			trapFocus
			withOverlay
			overlayProps={{ backgroundOpacity: 0 }}
			returnFocus
		>
			<Popover.Target>
				<UnstyledButton className={classes.avatar!} aria-label={`Account menu of ${me.username}`} onClick={menu.toggle}>
					{[...me.username][0]?.toUpperCase()}
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown p={6} aria-label="Account menu">
				<div className={classes.who}>
					<strong>{me.username}</strong>
					<span>
						{me.role} · {storageText(me.storage)}
					</span>
					{me.storage.nearlyFull && (
						<span>
							<Icon name="alert" /> Your storage is nearly full
						</span>
					)}
				</div>
				<div className={classes.colors}>
					<Suspense fallback={null}>
						<ColorSchemeControl />
					</Suspense>
				</div>
				<ul className={classes.items}>
					<li>
						<Link to="/account" onClick={menu.close}>
							<Icon name="user" /> Account
						</Link>
					</li>
					{me.role !== 'user' && (
						<li>
							<a href="/console/">
								<Icon name="gauge" /> Console
							</a>
						</li>
					)}
					<li>
						<button
							type="button"
							onClick={() => {
								menu.close();
								props.onShowShortcuts();
							}}
						>
							<Icon name="help" /> Keyboard shortcuts <kbd className="millrace-key-hint">?</kbd>
						</button>
					</li>
					<li>
						<a href="/api/docs">
							<Icon name="external" /> API reference
						</a>
					</li>
					<li className={classes.last}>
						<button type="button" disabled={leave.isPending} onClick={() => leave.mutate()}>
							<Icon name="signOut" /> Sign out
						</button>
					</li>
				</ul>
			</Popover.Dropdown>
		</Popover>
	);
};
