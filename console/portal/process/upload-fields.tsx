import { TextInput } from '@mantine/core';
import type { RecipeThere } from './same-recipe.ts';

interface UploadFieldsProps {
	folder: string;
	name: string;
	/** Whether a recipe of that name is there; undefined: not known yet. */
	there: RecipeThere | undefined;
	tried: boolean;
	onFolder(folder: string): void;
	onName(name: string): void;
}

/** Asks for the folder that is watched, and how the recipe is called. */
export const UploadFields = ({ folder, name, there, tried, onFolder, onName }: UploadFieldsProps) => (
	<>
		<TextInput
			label="Folder that is watched"
			description="Its whole path; / is everything."
			autoComplete="off"
			spellCheck={false}
			value={folder}
			error={tried && folder.trim() === '' ? 'Write the whole path, such as /photos' : null}
			onChange={(event) => onFolder(event.currentTarget.value)}
		/>
		<TextInput
			label="Name of the recipe"
			description={
				there === 'same'
					? 'There is one of that name which does the same; it is used.'
					: 'The recipe keeps what is done.'
			}
			maxLength={100}
			autoComplete="off"
			value={name}
			error={
				there === 'other'
					? 'Another recipe has that name and does something else. Choose another name.'
					: tried && name.trim() === ''
						? 'Give it a name'
						: null
			}
			onChange={(event) => onName(event.currentTarget.value)}
		/>
	</>
);
