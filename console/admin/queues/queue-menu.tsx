import { ActionIcon, Menu } from '@mantine/core';
import { useState } from 'react';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { Icon, type IconName } from '../../kit/icons.tsx';
import { useMe } from '../../kit/session/session.tsx';
import { BindDialog } from './bind-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { PurgeDialog } from './purge-dialog.tsx';
import { useSteer } from './use-steer.ts';
import { words } from './words.ts';

type QueueDialog = 'bind' | 'move' | 'purge' | 'delete';

interface QueueMenuProps {
	queue: QueueView;
	onDeleted?: () => void;
}

/** What else may be done with a queue; what one’s role does not allow is there, and says so. */
export const QueueMenu = ({ queue, onDeleted }: QueueMenuProps) => {
	const { name, draining } = queue;
	const [dialog, open] = useState<QueueDialog | null>(null);
	const { steer } = useSteer(name);
	const mayChange = useMe().role === 'administrator';
	const items: { word: string; icon: IconName; isFree?: boolean; isHarsh?: boolean; run(): void }[] = [
		...(draining ? [] : [{ word: words.drain, icon: 'hourglass' as const, isFree: true, run: () => steer('drain') }]),
		{ word: words.move, icon: 'move', isFree: true, run: () => open('move') },
		{ word: words.edit, icon: 'edit', run: () => open('bind') },
		{ word: words.purge, icon: 'ban', isHarsh: true, run: () => open('purge') },
		{ word: words.remove, icon: 'trash', isHarsh: true, run: () => open('delete') },
	];
	const close = () => open(null);
	return (
		<>
			<Menu position="bottom-end" returnFocus>
				<Menu.Target>
					<ActionIcon variant="subtle" color="gray" size="md" aria-label={words.more(name)}>
						<Icon name="dots" />
					</ActionIcon>
				</Menu.Target>
				<Menu.Dropdown>
					{items.map(({ word, icon, isFree = false, isHarsh = false, run }) => (
						<Menu.Item
							key={word}
							leftSection={<Icon name={icon} size={16} />}
							disabled={!isFree && !mayChange}
							{...(isFree || mayChange ? {} : { title: words.onlyAdministrators })}
							{...(isHarsh ? { color: 'red' } : {})}
							onClick={run}
						>
							{word}
						</Menu.Item>
					))}
				</Menu.Dropdown>
			</Menu>
			<BindDialog queue={queue} opened={dialog === 'bind'} onClose={close} />
			<MoveDialog name={name} opened={dialog === 'move'} onClose={close} />
			<PurgeDialog name={name} opened={dialog === 'purge'} onClose={close} />
			<DeleteDialog
				queue={queue}
				opened={dialog === 'delete'}
				onClose={close}
				{...(onDeleted === undefined ? {} : { onDeleted })}
			/>
		</>
	);
};
