import { Menu, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { formatBytes, plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyError } from '../../kit/notify.tsx';
import { errorText } from '../remote/error-text.ts';
import { useMe, useSession } from '../session/session.tsx';
import classes from './shell.module.css';

const ColorSchemeControl = lazy(async () => ({
	default: (await import('./color-scheme-control.tsx')).ColorSchemeControl,
}));

/** Who one is, the colours, and the way out. */
export const UserMenu = ({ onShowShortcuts }: { onShowShortcuts(): void }) => {
	const me = useMe();
	const { signOut } = useSession();
	const leave = useMutation({
		mutationFn: signOut,
		onError: (error) => notifyError('Signing out failed', errorText(error)),
	});
	return (
		<Menu position="bottom-end" width={270} offset={8}>
			<Menu.Target>
				<UnstyledButton className={classes.avatar} aria-label={`Account menu of ${me.username}`}>
					{[...me.username][0]?.toUpperCase()}
				</UnstyledButton>
			</Menu.Target>
			<Menu.Dropdown>
				<div className={classes.who}>
					<strong>{me.username}</strong>
					<span>
						{me.role} · {plural(me.storage.files, 'file')}, {formatBytes(me.storage.usedBytes)}
					</span>
				</div>
				<div className={classes.colors}>
					<Suspense fallback={null}>
						<ColorSchemeControl />
					</Suspense>
				</div>
				<Menu.Divider />
				<Menu.Item component={Link} to="/account" leftSection={<Icon name="user" />}>
					Account
				</Menu.Item>
				<Menu.Item leftSection={<Icon name="help" />} onClick={onShowShortcuts} rightSection={<kbd>?</kbd>}>
					Keyboard shortcuts
				</Menu.Item>
				<Menu.Item component="a" href="/api/docs" leftSection={<Icon name="external" />}>
					API reference
				</Menu.Item>
				<Menu.Divider />
				<Menu.Item leftSection={<Icon name="signOut" />} onClick={() => leave.mutate()} closeMenuOnClick={false}>
					Sign out
				</Menu.Item>
			</Menu.Dropdown>
		</Menu>
	);
};
