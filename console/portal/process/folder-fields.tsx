import { Checkbox } from '@mantine/core';
import { PatternField } from '../recipes/pattern-field.tsx';

interface FolderFieldsProps {
	kinds: string;
	recursive: boolean;
	/** What the type takes. */
	takes: readonly string[];
	onChange(parts: { kinds?: string; recursive?: boolean }): void;
}

/** Which files of a folder: how deep, and of which kinds. */
export const FolderFields = ({ kinds, recursive, takes, onChange }: FolderFieldsProps) => (
	<>
		<Checkbox
			label="Also in the folders in it"
			checked={recursive}
			onChange={(event) => onChange({ recursive: event.currentTarget.checked })}
		/>
		<PatternField
			label="Only files of these kinds"
			description={`Such as image/jpeg or image/*. Left empty: whatever it takes (${takes.join(', ')}).`}
			value={kinds}
			isOptional
			onChange={(text) => onChange({ kinds: text })}
		/>
	</>
);
