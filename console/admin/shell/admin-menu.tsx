import { Popover, SegmentedControl, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { Icon } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { useSignOut } from '../../kit/session/use-sign-out.ts';
import { ColorSchemeControl } from '../../kit/shell/color-scheme-control.tsx';
import classes from './admin-menu.module.css';
import { chooseDensity, chosenDensity, type Density } from './density.ts';
import { words } from './words.ts';

/** Who one is, how it looks, and the ways out. */
export const AdminMenu = ({ onShowShortcuts }: { onShowShortcuts(): void }) => {
	const me = useMe();
	const leave = useSignOut();
	const [opened, menu] = useDisclosure(false);
	const [density, setDensity] = useState<Density>(chosenDensity);
	return (
		<Popover
			opened={opened}
			onChange={menu.set}
			position="bottom-end"
			width={272}
			offset={8}
			shadow="md"
			trapFocus
			returnFocus
		>
			<Popover.Target>
				<UnstyledButton className={classes.avatar!} aria-label={words.accountMenuOf(me.username)} onClick={menu.toggle}>
					{[...me.username][0]?.toUpperCase()}
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown p={6} aria-label={words.accountMenu}>
				<div className={classes.who}>
					<strong>{me.username}</strong>
					<span>{me.role}</span>
				</div>
				<div className={classes.looks}>
					<ColorSchemeControl />
					<SegmentedControl
						fullWidth
						size="xs"
						aria-label={words.density}
						value={density}
						onChange={(value) => {
							setDensity(value);
							chooseDensity(value);
						}}
						data={[
							{ value: 'comfortable', label: words.comfortable },
							{ value: 'compact', label: words.compact },
						]}
					/>
				</div>
				<ul className={classes.items}>
					<li>
						<a href="/">
							<Icon name="folder" /> {words.portal}
						</a>
					</li>
					<li>
						<button
							type="button"
							onClick={() => {
								menu.close();
								onShowShortcuts();
							}}
						>
							<Icon name="help" /> {words.keyboardShortcuts}
						</button>
					</li>
					<li>
						<a href="/api/docs">
							<Icon name="external" /> {words.apiReference}
						</a>
					</li>
					<li>
						<button type="button" disabled={leave.isPending} onClick={() => leave.mutate()}>
							<Icon name="signOut" /> {words.signOut}
						</button>
					</li>
				</ul>
			</Popover.Dropdown>
		</Popover>
	);
};
