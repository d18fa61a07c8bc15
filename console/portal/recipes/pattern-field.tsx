import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { mediaPatternsSchema } from '../../../shared/protocol/recipe.ts';
import { patternsOf } from './recipe-words.ts';

interface PatternFieldProps {
	label: string;
	description: string;
	value: string;
	isOptional?: boolean;
	/** What the server said of it. */
	fault?: string | null;
	onChange(text: string): void;
}

/** Kinds of files as MIME patterns; what is none is told when the field is left. */
export const PatternField = ({ label, description, value, isOptional = false, fault, onChange }: PatternFieldProps) => {
	const [left, setLeft] = useState(false);
	const patterns = patternsOf(value);
	const isWrong = !(isOptional && patterns.length === 0) && !mediaPatternsSchema.safeParse(patterns).success;
	const own = left && isWrong ? 'Write kinds such as image/jpeg, image/* or */*, with commas between them.' : null;
	return (
		<TextInput
			label={label}
			description={description}
			autoComplete="off"
			spellCheck={false}
			value={value}
			error={own ?? fault}
			onBlur={() => setLeft(true)}
			onChange={(event) => onChange(event.currentTarget.value)}
		/>
	);
};
