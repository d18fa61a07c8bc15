import { Textarea, TextInput } from '@mantine/core';

/** What is said about a dataset, as it is being written. */
export interface AboutDraft {
	title: string;
	description: string;
	licenceName: string;
	licenceText: string;
}

export const NO_ABOUT: AboutDraft = { title: '', description: '', licenceName: '', licenceText: '' };

/** As the server takes it. */
export const aboutOf = ({ title, description, licenceName, licenceText }: AboutDraft) => ({
	title: title.trim(),
	description: description.trim(),
	licence: { name: licenceName.trim(), text: licenceText.trim() === '' ? null : licenceText.trim() },
});

interface AboutFieldsProps {
	draft: AboutDraft;
	onChange(change: Partial<AboutDraft>): void;
}

export const TitleField = ({ draft, onChange }: AboutFieldsProps) => (
	<TextInput
		label="Title"
		required
		withAsterisk={false}
		maxLength={200}
		autoComplete="off"
		data-autofocus
		value={draft.title}
		onChange={(event) => onChange({ title: event.currentTarget.value })}
	/>
);

export const DescriptionAndLicence = ({ draft, onChange }: AboutFieldsProps) => (
	<>
		<Textarea
			label="Description"
			description="What it is, where it comes from, what it is good for."
			maxLength={8192}
			autosize
			minRows={2}
			maxRows={8}
			value={draft.description}
			onChange={(event) => onChange({ description: event.currentTarget.value })}
		/>
		<TextInput
			label="Licence"
			description="Its name, such as CC BY 4.0; may be left out."
			maxLength={100}
			autoComplete="off"
			value={draft.licenceName}
			onChange={(event) => onChange({ licenceName: event.currentTarget.value })}
		/>
		<Textarea
			label="Licence text"
			description="When there is one, everybody accepts it once before using or downloading anything."
			maxLength={65536}
			autosize
			minRows={2}
			maxRows={8}
			value={draft.licenceText}
			onChange={(event) => onChange({ licenceText: event.currentTarget.value })}
		/>
	</>
);
