import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listUsers, readUser } from '../../../shared/client/users.ts';
import { http } from '../../kit/remote/api.ts';
import { keys } from '../remote/keys.ts';
import { words } from './words.ts';

const SHOWN = 20;
const PATIENCE_MS = 150;

interface PersonSelectProps {
	/** Public id; null: nobody yet. */
	value: string | null;
	onChange(id: string | null): void;
	label?: string;
	description?: string;
	required?: boolean;
}

/** Chooses somebody by a part of the name; the server looks, for there may be very many people. */
export const PersonSelect = ({ value, onChange, label = words.person, ...more }: PersonSelectProps) => {
	const [text, setText] = useState('');
	const [name] = useDebouncedValue(text.trim().slice(0, 64), PATIENCE_MS);
	const found = useQuery({
		queryKey: keys.peopleFound(name),
		queryFn: ({ signal }) => listUsers(http, { limit: SHOWN, ...(name === '' ? {} : { name }) }, { signal }),
		placeholderData: keepPreviousData,
	});
	const chosen = useQuery({
		queryKey: keys.person(value ?? ''),
		queryFn: ({ signal }) => readUser(http, value ?? '', { signal }),
		enabled: value !== null,
	});
	const people = new Map(found.data?.items.map(({ id, username }) => [id, username]));
	if (chosen.data) people.set(chosen.data.id, chosen.data.username);
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
