import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { changeDataset, publishDataset } from '../../../shared/client/datasets.ts';
import type { DatasetView } from '../../../shared/protocol/dataset.ts';
import { notifyDone } from '../../kit/notify.tsx';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { queryClient } from '../../kit/remote/query-client.ts';
import pageClasses from '../../kit/shell/page.module.css';
import { wholeFolder } from '../recipes/recipe-words.ts';
import { keys } from '../remote/keys.ts';
import { type AboutDraft, aboutOf, DescriptionAndLicence, TitleField } from './about-fields.tsx';

interface FormProps {
	act: string;
	isReady: boolean;
	save(): Promise<DatasetView>;
	done?: string;
	onClose(): void;
	children: ReactNode;
}

/** A form on a dataset: saved, shown as it is then, and closed. */
const DatasetForm = ({ act, isReady, save, done, onClose, children }: FormProps) => {
	const saving = useMutation({
		mutationFn: save,
		onSuccess: async (after) => {
			queryClient.setQueryData(keys.dataset(after.name), after);
			await queryClient.invalidateQueries({ queryKey: keys.datasets });
			if (done !== undefined) notifyDone(done);
			onClose();
		},
	});
	const submit = (event: FormEvent) => {
		event.preventDefault();
		if (isReady) saving.mutate();
	};
	return (
		<form onSubmit={submit}>
			<Stack>
				{children}
				{saving.isError && (
					<p className={pageClasses.fault} role="alert">
						{errorText(saving.error)}
					</p>
				)}
				<Group justify="flex-end" gap="sm">
					<Button variant="default" onClick={onClose}>
						Cancel
					</Button>
					<Button type="submit" loading={saving.isPending} disabled={!isReady}>
						{act}
					</Button>
				</Group>
			</Stack>
		</form>
	);
};

interface DatasetProps {
	dataset: DatasetView;
	onClose(): void;
}

/** The next version, out of a folder. */
export const NextVersionForm = ({ dataset, onClose }: DatasetProps) => {
	const [folder, setFolder] = useState('/');
	const [note, setNote] = useState('');
	return (
		<DatasetForm
			act={`Publish version ${dataset.version + 1}`}
			isReady={folder.trim() !== ''}
			save={() => publishDataset(http, dataset.name, { folder: wholeFolder(folder) }, note.trim())}
			onClose={onClose}
		>
			<TextInput
				label="Folder"
				description="The next version is all that lies in it now; what is not in it is not in that version."
				required
				withAsterisk={false}
				autoComplete="off"
				spellCheck={false}
				data-autofocus
				value={folder}
				onChange={(event) => setFolder(event.currentTarget.value)}
			/>
			<TextInput
				label="What is new"
				description="For those who use it; may be left out."
				maxLength={1000}
				autoComplete="off"
				value={note}
				onChange={(event) => setNote(event.currentTarget.value)}
			/>
		</DatasetForm>
	);
};

/** What is said about it. */
export const AboutForm = ({ dataset, onClose }: DatasetProps) => {
	const { title, description, licence } = dataset;
	const [draft, setDraft] = useState<AboutDraft>({
		...{ title, description, licenceName: licence.name, licenceText: licence.text ?? '' },
	});
	const change = (part: Partial<AboutDraft>) => setDraft((before) => ({ ...before, ...part }));
	return (
		<DatasetForm
			act="Save"
			isReady={draft.title.trim() !== ''}
			save={() => changeDataset(http, dataset.name, aboutOf(draft), dataset.revision)}
			done={`${draft.title.trim()} is saved`}
			onClose={onClose}
		>
			<TitleField draft={draft} onChange={change} />
			<DescriptionAndLicence draft={draft} onChange={change} />
		</DatasetForm>
	);
};
