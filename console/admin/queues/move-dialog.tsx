import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { steerTasks } from '../../../shared/client/task-steering.ts';
import { routingKeySchema } from '../../../shared/protocol/task.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { RouteTold } from './key-tester.tsx';
import { offerUndo, rereadQueues } from './use-steer.ts';
import { words } from './words.ts';

interface MoveDialogProps {
	name: string;
	opened: boolean;
	onClose(): void;
}

/** Gives the tasks of a queue another routing key; where that leads is told before. */
export const MoveDialog = (props: MoveDialogProps) => (
	<Modal opened={props.opened} onClose={props.onClose} title={words.moveTitle(props.name)}>
		{props.opened && <MoveForm {...props} />}
	</Modal>
);

const MoveForm = ({ name, onClose }: MoveDialogProps) => {
	const [routingKey, setRoutingKey] = useState('');
	const [asked] = useDebouncedValue(routingKey.trim(), 250);
	const request = { verb: 'move' as const, filter: { queue: name }, routingKey: routingKey.trim() };
	const count = useQuery({
		queryKey: keys.toMove(name),
		// Counting needs some key, and any will do: nothing is moved.
		queryFn: () => steerTasks(http, { ...request, routingKey: 'none', force: true, dryRun: true }),
		gcTime: 0,
		staleTime: 0,
	});
	const matched = count.data?.matched ?? 0;
	const isKey = routingKeySchema.safeParse(routingKey.trim()).success;
	const act = useAct({
		act: () => steerTasks(http, { ...request, expected: matched }),
		key: keys.queues,
		failed: words.notMoved,
		onDone: ({ act: id, changed }) => {
			if (id !== null) offerUndo(words.moved(changed), id);
			rereadQueues();
			onClose();
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isKey && matched > 0 && !act.isPending) act.mutate();
			}}
		>
			<Stack gap="md">
				<div>{count.data === undefined ? words.counting : words.moveText(matched)}</div>
				<TextInput
					label={words.moveKey}
					data-autofocus
					autoComplete="off"
					spellCheck={false}
					value={routingKey}
					onChange={(event) => setRoutingKey(event.currentTarget.value)}
				/>
				<RouteTold routingKey={asked} />
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						{words.keep}
					</Button>
					<Button type="submit" disabled={!isKey || matched === 0} loading={act.isPending}>
						{words.moveAct(matched)}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
