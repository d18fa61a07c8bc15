import { Popover, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { NavLink, useLocation } from 'react-router';
import { Icon, type IconName } from '../../kit/icons.tsx';
import classes from './shell.module.css';
import menuClasses from './user-menu.module.css';

export interface Place {
	to: string;
	word: string;
	icon: IconName;
}

interface MoreMenuProps {
	places: readonly Place[];
	/** Among the tabs of a phone. */
	isAtBottom?: boolean;
	onToggle(opened: boolean): void;
}

/** Places that are visited less often, behind one word. */
export const MoreMenu = ({ places, isAtBottom = false, onToggle }: MoreMenuProps) => {
	const { pathname } = useLocation();
	const [opened, menu] = useDisclosure(false, { onOpen: () => onToggle(true), onClose: () => onToggle(false) });
	const isWithin = places.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
	return (
		<Popover
			opened={opened}
			onChange={menu.set}
			position={isAtBottom ? 'top-end' : 'bottom-start'}
			width={200}
			offset={8}
			shadow="md"
			trapFocus
			withOverlay
			overlayProps={{ backgroundOpacity: 0 }}
			returnFocus
		>
			<Popover.Target>
				<UnstyledButton className={classes.link!} data-within={isWithin || undefined} onClick={menu.toggle}>
					<Icon name="dots" />
					<span>More</span>
				</UnstyledButton>
			</Popover.Target>
			<Popover.Dropdown p={6}>
				<ul className={menuClasses.items} data-plain>
					{places.map(({ to, word, icon }) => (
						<li key={to}>
							<NavLink to={to} onClick={menu.close}>
								<Icon name={icon} /> {word}
							</NavLink>
						</li>
					))}
				</ul>
			</Popover.Dropdown>
		</Popover>
	);
};
