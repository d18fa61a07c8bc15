import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { createFolder } from '../../../shared/client/folders.ts';
import type { FolderEntry } from '../../../shared/protocol/file.ts';
import { plural } from '../../kit/format.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import { keys } from '../remote/keys.ts';
import { pathBelow } from '../uploads/dropped-files.ts';
import { moveInto, moveTo } from './file-acts.ts';

interface PathFormProps {
	label: string;
	description?: string;
	initial: string;
	act: string;
	onSave(text: string): Promise<unknown>;
	onClose(): void;
}

const PathForm = ({ label, description, initial, act, onSave, onClose }: PathFormProps) => {
	const [text, setText] = useState(initial);
	const save = useMutation({ mutationFn: onSave, onSuccess: onClose });
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (text.trim() !== '') save.mutate(text.trim());
	};
	return (
		<form onSubmit={submit}>
			<Stack>
				<TextInput
					label={label}
					description={description}
					value={text}
					onChange={(event) => setText(event.currentTarget.value)}
					error={save.isError ? errorText(save.error) : null}
					autoComplete="off"
					spellCheck={false}
					data-autofocus
				/>
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={save.isPending} disabled={text.trim() === ''}>
						{act}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};

/** Asks for the name of a new folder in this one; slashes make folders in folders. */
export const NewFolderDialog = (props: { opened: boolean; folder: string; onClose(): void }) => (
	<Modal opened={props.opened} onClose={props.onClose} title="New folder">
		<PathForm
			label="Name"
			initial=""
			act="Make folder"
			onClose={props.onClose}
			onSave={async (name) => {
				await createFolder(http, pathBelow(props.folder, name));
				await queryClient.invalidateQueries({ queryKey: keys.folders });
			}}
		/>
	</Modal>
);

const wholePath = (text: string): string => {
	const path = text.startsWith('/') ? text : `/${text}`;
	return path === '/' ? path : path.replace(/\/+$/, '');
};

/** Asks where one thing goes (its whole path) or several (their folder). */
export const MoveDialog = ({ entries, onClose }: { entries: readonly FolderEntry[]; onClose(): void }) => {
	const [only] = entries;
	const single = entries.length === 1 ? only : undefined;
	const title = single ? `Rename or move ${single.name}` : `Move ${plural(entries.length, 'thing')}`;
	return (
		<Modal opened={entries.length > 0} onClose={onClose} title={title} size="lg">
			{single ? (
				<PathForm
					label="Path"
					description="Change the name at its end to rename, the rest to move."
					initial={single.path}
					act="Move"
					onClose={onClose}
					onSave={(path) => moveTo(single, wholePath(path))}
				/>
			) : (
				<PathForm
					label="Into the folder"
					description="Its whole path; / is the top."
					initial="/"
					act={`Move ${entries.length}`}
					onClose={onClose}
					onSave={(folder) => moveInto(entries, wholePath(folder))}
				/>
			)}
			{!single && entries.length > 0 && (
				<Text size="sm" c="dimmed" mt="sm">
					{entries
						.slice(0, 5)
						.map(({ name }) => name)
						.join(', ')}
					{entries.length > 5 && ` and ${entries.length - 5} more`}
				</Text>
			)}
		</Modal>
	);
};
