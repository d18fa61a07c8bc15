import { TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';

interface WordFieldProps {
	label: string;
	value: string;
	onChange(value: string): void;
	error?: string | null;
	type?: 'text' | 'datetime-local';
	className?: string;
}

/** A value that is taken when typing is done: each half of a word would be a list of its own. Give `key={value}`. */
export const WordField = ({ label, value, onChange, error = null, type = 'text', className }: WordFieldProps) => {
	const [text, setText] = useState(value);
	const take = (): void => {
		if (text.trim() !== value) onChange(text.trim());
	};
	return (
		<form
			className={className}
			onSubmit={(event: FormEvent) => {
				event.preventDefault();
				take();
			}}
		>
			<TextInput
				label={label}
				size="xs"
				type={type}
				value={text}
				error={error}
				onChange={(event) => setText(event.currentTarget.value)}
				onBlur={take}
				autoComplete="off"
				spellCheck={false}
			/>
		</form>
	);
};
