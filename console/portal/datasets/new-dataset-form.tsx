import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createDataset } from '../../../shared/client/datasets.ts';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { wholeFolder } from '../recipes/recipe-words.ts';
import { keys } from '../remote/keys.ts';
import { type AboutDraft, aboutOf, DescriptionAndLicence, NO_ABOUT, TitleField } from './about-fields.tsx';
import { isName, nameOfTitle } from './dataset-words.ts';

/** Publishes a folder as a dataset; its first version is made while one looks at it. */
export const NewDatasetForm = ({ onClose, onMade }: { onClose(): void; onMade(dataset: DatasetView): void }) => {
	const [draft, setDraft] = useState<AboutDraft>(NO_ABOUT);
	const [written, setWritten] = useState<string | null>(null);
	const [folder, setFolder] = useState('/');
	const change = (part: Partial<AboutDraft>) => setDraft((before) => ({ ...before, ...part }));
	const name = written ?? nameOfTitle(draft.title);
	const make = useMutation({
		mutationFn: () => createDataset(http, { name, ...aboutOf(draft), from: { folder: wholeFolder(folder) } }),
		onSuccess: async (made) => {
			await queryClient.invalidateQueries({ queryKey: keys.datasets });
			onMade(made);
		},
	});
	const isReady = draft.title.trim() !== '' && isName(name);
	return (
		<form
			onSubmit={(event) => {
				event.preventDefault();
				if (isReady) make.mutate();
			}}
		>
			<Stack>
				<TitleField draft={draft} onChange={change} />
				<TextInput
					label="Name"
					description="For addresses and commands; it cannot be changed later."
					required
					withAsterisk={false}
					autoComplete="off"
					spellCheck={false}
					maxLength={63}
					value={name}
					error={name !== '' && !isName(name) ? 'Small letters, digits, . and -, 63 at most.' : null}
					onChange={(event) => setWritten(event.currentTarget.value)}
				/>
				<TextInput
					label="Folder"
					description="All that lies in it and below, as it is now. Nothing is copied; the files stay yours."
					required
					withAsterisk={false}
					autoComplete="off"
					spellCheck={false}
					value={folder}
					onChange={(event) => setFolder(event.currentTarget.value)}
				/>
				<DescriptionAndLicence draft={draft} onChange={change} />
				{make.isError && (
					<p className={pageClasses.fault} role="alert">
						{errorText(make.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={make.isPending} disabled={!isReady}>
						Publish
					</Button>
				</Group>
			</Stack>
		</form>
	);
};
