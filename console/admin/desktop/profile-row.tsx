import { ActionIcon, Button } from '@mantine/core';
import type { Profile } from '../../bridge.ts';
import { Icon } from '../../kit/icons.tsx';
import classes from './connect.module.css';
import { words } from './words.ts';

interface ProfileRowProps {
	profile: Profile;
	isCurrent: boolean;
	onOpen(): void;
	onChange(): void;
	onForget(): void;
}

/** A coordinator in the list, in its colour. */
export const ProfileRow = ({ profile, isCurrent, onOpen, onChange, onForget }: ProfileRowProps) => {
	const { name, url, color, isProduction } = profile;
	return (
		<li data-color={isProduction ? 'red' : (color ?? undefined)}>
			<div className={classes.words}>
				<strong>
					{name}
					{isProduction && <span className={classes.production}> · {words.production}</span>}
				</strong>
				<span>{url}</span>
				{isCurrent && <span>{words.isCurrent}</span>}
			</div>
			<ActionIcon variant="subtle" color="gray" aria-label={words.change(name)} onClick={onChange}>
				<Icon name="edit" size={16} />
			</ActionIcon>
			<ActionIcon variant="subtle" color="gray" aria-label={words.forget(name)} onClick={onForget}>
				<Icon name="trash" size={16} />
			</ActionIcon>
			<Button size="sm" aria-label={words.open(name)} onClick={onOpen}>
				{words.openWord}
			</Button>
		</li>
	);
};
