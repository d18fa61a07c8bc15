import { Select } from '@mantine/core';
import { useState } from 'react';
import { usePeopleFound } from './look-up-people.ts';
import { words } from './words.ts';

interface PersonSelectProps {
	/** Public id; null: nobody yet. */
	value: string | null;
	onChange(id: string | null): void;
	label?: string;
	description?: string;
	required?: boolean;
}

/** Chooses somebody by a part of the name. */
export const PersonSelect = ({ value, onChange, label = words.person, ...more }: PersonSelectProps) => {
	const [text, setText] = useState('');
	const people = usePeopleFound(text, value);
	return (
		<Select
			{...more}
			label={label}
			placeholder={words.anybody}
			nothingFoundMessage={words.nobodyFound}
			searchable
			clearable
			withAsterisk={false}
			searchValue={text}
			onSearchChange={setText}
			// The server has looked already.
			filter={({ options }) => options}
			data={[...people].map(([id, username]) => ({ value: id, label: username }))}
			value={value}
			onChange={onChange}
		/>
	);
};
