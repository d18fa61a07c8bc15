import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { fileOutputs } from '../../../shared/client/provenance.ts';
import { plural } from '../../kit/format.ts';
import { Icon } from '../../kit/icons.tsx';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { wholeFolder } from '../recipes/recipe-words.ts';
import { keys } from '../remote/keys.ts';

/** Puts those outputs of a task that stayed with it into a folder, as files. */
export const FileNow = ({ task }: { task: string }) => {
	const [opened, dialog] = useDisclosure(false);
	return (
		<>
			<Button variant="default" size="xs" leftSection={<Icon name="folder" size={15} />} onClick={dialog.open}>
				Put into a folder…
			</Button>
			<Modal opened={opened} onClose={dialog.close} title="Put the results into a folder">
				<FileNowForm task={task} onClose={dialog.close} />
			</Modal>
		</>
	);
};

const FileNowForm = ({ task, onClose }: { task: string; onClose(): void }) => {
	const [folder, setFolder] = useState('/Results');
	const file = useMutation({
		mutationFn: async () => {
			const { filings } = await fileOutputs(http, task, { place: 'folder', folder: wholeFolder(folder) });
			const unfiled = filings.find(({ state }) => state === 'unfiled');
			if (unfiled) throw new Error(`${unfiled.name} stays with the task: ${unfiled.reason}`);
			return filings.length;
		},
		onSuccess: (files) => {
			notifyDone(`${plural(files, 'result is', 'results are')} in ${wholeFolder(folder)}`);
			onClose();
		},
		onSettled: () =>
			Promise.all([
				queryClient.invalidateQueries({ queryKey: keys.task(task) }),
				queryClient.invalidateQueries({ queryKey: keys.results }),
			]),
	});
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				file.mutate();
			}}
		>
			<Stack>
				<TextInput
					label="Folder"
					description="Its whole path; it is made when it is not there."
					autoComplete="off"
					spellCheck={false}
					data-autofocus
					value={folder}
					onChange={(event) => setFolder(event.currentTarget.value)}
				/>
				{file.isError && (
					<p className={pageClasses.fault} role="alert">
						{errorText(file.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={file.isPending} disabled={folder.trim() === ''}>
						Put there
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
