import { NativeSelect, TextInput } from '@mantine/core';
import type { Filing } from '../../../shared/protocol/result.ts';
import { filingFault } from './recipe-words.ts';

const PLACES: { value: Filing['place']; label: string }[] = [
	{ value: 'keep', label: 'Stay with the task' },
	{ value: 'beside', label: 'Go beside the file, as files' },
	{ value: 'folder', label: 'Go into a folder, as files' },
];
const CONFLICTS: { value: Filing['conflict']; label: string }[] = [
	{ value: 'version', label: 'Make a new version of it' },
	{ value: 'rename', label: 'Take another name' },
];

/** Where outputs go. */
export const FilingFields = (props: { filing: Filing; tried: boolean; onChange(filing: Filing): void }) => {
	const { filing, tried, onChange } = props;
	const { folder, ...others } = filing;
	return (
		<>
			<NativeSelect
				label="Outputs"
				data={PLACES}
				value={filing.place}
				onChange={(event) => {
					const { value } = event.currentTarget;
					const place = PLACES.find((one) => one.value === value)?.value ?? 'keep';
					onChange({ ...others, place, ...(place === 'folder' ? { folder: folder ?? '/results' } : {}) });
				}}
			/>
			{filing.place === 'folder' && (
				<TextInput
					label="Folder of the outputs"
					description="Its whole path; it is made when it is not there."
					autoComplete="off"
					spellCheck={false}
					value={folder ?? ''}
					error={tried ? filingFault(filing) : null}
					onChange={(event) => onChange({ ...filing, folder: event.currentTarget.value })}
				/>
			)}
			{filing.place !== 'keep' && (
				<NativeSelect
					label="When a file of that name is there already"
					data={CONFLICTS}
					value={filing.conflict}
					onChange={(event) =>
						onChange({ ...filing, conflict: event.currentTarget.value === 'rename' ? 'rename' : 'version' })
					}
				/>
			)}
		</>
	);
};
