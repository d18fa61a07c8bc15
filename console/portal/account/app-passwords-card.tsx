import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy } from 'react';
import { Card } from '../../kit/account/card.tsx';
import { Icon } from '../../kit/icons.tsx';
import { OnDemand } from '../../kit/on-demand.tsx';
import { AppPasswordList } from '../drive/app-password-list.tsx';

const DriveDialog = lazy(async () => ({ default: (await import('../drive/drive-dialog.tsx')).DriveDialog }));

/** What opens one's files as a network drive. */
export const AppPasswordsCard = () => {
	const [opened, dialog] = useDisclosure(false);
	return (
		<Card
			title="App passwords"
			lead="For programs that open your files as a network drive; they can do nothing else."
			act={
				<Button variant="default" leftSection={<Icon name="drive" size={16} />} onClick={dialog.open}>
					Open as network drive
				</Button>
			}
		>
			<AppPasswordList />
			<OnDemand wanted={opened}>{(isOpen) => <DriveDialog opened={isOpen} onClose={dialog.close} />}</OnDemand>
		</Card>
	);
};
