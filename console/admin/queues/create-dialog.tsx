import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { createQueue } from '../../../shared/client/queues.ts';
import { queueNameSchema } from '../../../shared/protocol/node.ts';
import { http } from '../../kit/remote/api.ts';
import { useAct } from '../../kit/remote/use-act.ts';
import { keys } from '../remote/keys.ts';
import { readBindings } from './binding-keys.ts';
import { rereadQueues } from './use-steer.ts';
import { words } from './words.ts';

interface CreateDialogProps {
	opened: boolean;
	/** A binding key to begin with. */
	binding: string;
	onClose(): void;
}

export const CreateDialog = (props: CreateDialogProps) => (
	<Modal opened={props.opened} onClose={props.onClose} title={words.createTitle}>
		{props.opened && <CreateForm {...props} />}
	</Modal>
);

const CreateForm = ({ binding, onClose }: CreateDialogProps) => {
	const [name, setName] = useState('');
	const [text, setText] = useState(binding);
	const [isAsked, setAsked] = useState(false);
	const read = readBindings(text, words.noBinding);
	const isName = queueNameSchema.safeParse(name.trim()).success;
	const act = useAct({
		act: () => createQueue(http, { name: name.trim(), bindingKeys: read.keys }),
		key: keys.queues,
		done: () => words.created(name.trim()),
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
				if (isName && read.fault === null && !act.isPending) act.mutate();
			}}
		>
			<Stack gap="md">
				<TextInput
					label={words.queueName}
					description={words.queueNameHelp}
					data-autofocus
					autoComplete="off"
					value={name}
					error={isAsked && !isName ? words.queueNameHelp : null}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<Textarea
					label={words.bindingKeys}
					description={words.bindingHelp}
					autosize
					minRows={2}
					maxRows={12}
					spellCheck={false}
					placeholder={name.trim() === '' ? 'normal.#' : `${name.trim()}.#`}
					value={text}
					error={isAsked ? read.fault : null}
					onChange={(event) => setText(event.currentTarget.value)}
				/>
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						{words.cancel}
					</Button>
					<Button type="submit" loading={act.isPending}>
						{words.createAct}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
