import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { bindQueue } from '../../../shared/client/queues.ts';
import type { QueueView } from '../../../shared/protocol/queue.ts';
import { CopyButton } from '../../kit/copy-button.tsx';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { readBindings } from './binding-keys.ts';
import { rereadQueues } from './use-steer.ts';
import { words } from './words.ts';

interface BindDialogProps {
	queue: Pick<QueueView, 'name' | 'bindingKeys'>;
	opened: boolean;
	onClose(): void;
}

/** Gives a queue other binding keys. */
export const BindDialog = (props: BindDialogProps) => (
	<Modal opened={props.opened} onClose={props.onClose} title={words.editTitle(props.queue.name)}>
		{props.opened && <BindForm {...props} />}
	</Modal>
);

const BindForm = ({ queue: { name, bindingKeys }, onClose }: BindDialogProps) => {
	const [text, setText] = useState(bindingKeys.join('\n'));
	const [isAsked, setAsked] = useState(false);
	const read = readBindings(text, words.noBinding);
	const act = useAct({
		act: () => bindQueue(http, { name, bindingKeys: read.keys }),
		key: keys.queues,
		done: words.bound(name),
		failed: words.notSaved,
		onDone: () => {
			rereadQueues();
			onClose();
		},
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				setAsked(true);
				if (read.fault === null && !act.isPending) act.mutate();
			}}
		>
			<Stack gap="md">
				<Textarea
					label={words.bindingKeys}
					description={`${words.bindingHelp}. ${words.editHelp}`}
					autosize
					minRows={3}
					maxRows={12}
					spellCheck={false}
					data-autofocus
					value={text}
					error={isAsked ? read.fault : null}
					onChange={(event) => setText(event.currentTarget.value)}
				/>
				<Group justify="space-between" gap="sm">
					<Text size="sm" component="span">
						<CopyButton
							text={`millrace admin queue bind ${name} ${read.keys.map((key) => `'${key}'`).join(' ')}`}
							what={words.copyCommand('bind')}
						/>
					</Text>
					<Group gap="sm">
						<Button variant="default" onClick={onClose}>
							{words.cancel}
						</Button>
						<Button type="submit" loading={act.isPending}>
							{words.save}
						</Button>
					</Group>
				</Group>
			</Stack>
		</form>
	);
};
