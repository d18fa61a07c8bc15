import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Icon, type IconName } from './icons.tsx';

const UNDO_MS = 10_000;

/** Something went wrong with an act; stays until read. */
export const notifyError = (title: string, message: string): void => {
	notifications.show({
		title,
		message,
		color: 'red',
		icon: <Icon name="alert" size={16} />,
		autoClose: 12_000,
		role: 'alert',
		withBorder: true,
	});
};

/** Something has been done. */
export const notifyDone = (message: string): void => {
	notifications.show({ message, color: 'teal', icon: <Icon name="check" size={16} />, withBorder: true });
};

/** Something has been done and can be taken back for a while. */
export const notifyUndo = (message: string, undo: () => void, icon: IconName = 'trash'): void => {
	const id = `undo-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
	notifications.show({
		id,
		color: 'indigo',
		icon: <Icon name={icon} size={16} />,
		autoClose: UNDO_MS,
		withBorder: true,
		message: (
			<Group justify="space-between" wrap="nowrap" gap="sm">
				<span>{message}</span>
				<Button
					size="compact-sm"
					variant="light"
					onClick={() => {
						notifications.hide(id);
						undo();
					}}
				>
					Undo
				</Button>
			</Group>
		),
	});
};
