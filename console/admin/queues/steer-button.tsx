import { ActionIcon, Button, Tooltip } from '@mantine/core';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { Icon } from '../../kit/icons.tsx';
import { useSteer } from './use-steer.ts';
import { words } from './words.ts';

interface SteerButtonProps {
	queue: Pick<QueueView, 'name' | 'paused' | 'draining'>;
}

/** Pauses a queue; or lets one go on that is paused or draining. */
export const SteerButton = ({ queue: { name, paused, draining } }: SteerButtonProps) => {
	const { steer, isPending } = useSteer(name);
	const isHeld = paused || draining;
	return (
		<Button
			variant={isHeld ? 'light' : 'default'}
			leftSection={<Icon name={isHeld ? 'play' : 'pause'} size={15} />}
			loading={isPending}
			onClick={() => steer(isHeld ? 'resume' : 'pause')}
		>
			{isHeld ? words.resume : words.pause}
			<span className="millrace-off-screen">{words.of(name)}</span>
		</Button>
	);
};

/** The same in the row of a table. */
export const SteerIcon = ({ queue: { name, paused, draining } }: SteerButtonProps) => {
	const { steer, isPending } = useSteer(name);
	const isHeld = paused || draining;
	const word = isHeld ? words.resume : words.pause;
	return (
		<Tooltip label={word}>
			<ActionIcon
				variant={isHeld ? 'light' : 'subtle'}
				color={isHeld ? 'indigo' : 'gray'}
				loading={isPending}
				aria-label={`${word}${words.of(name)}`}
				onClick={() => steer(isHeld ? 'resume' : 'pause')}
			>
				<Icon name={isHeld ? 'play' : 'pause'} size={16} />
			</ActionIcon>
		</Tooltip>
	);
};
