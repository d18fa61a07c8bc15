import { useState } from 'react';
import { eachItem } from '../../../shared/client/page.ts';
import { listUsers } from '../../../shared/client/users.ts';
import { idSchema } from '../../../shared/protocol/ids.ts';
import { http } from '../../kit/remote/api.ts';
import { errorText } from '../../kit/remote/error-text.ts';
import { useSearchParam } from '../../kit/shell/use-search-param.ts';
import { WordField } from './word-field.tsx';
import { words } from './words.ts';

const idOf = async (name: string): Promise<string | null> => {
	const users = eachItem((cursor) => listUsers(http, { limit: 1_000, ...(cursor === undefined ? {} : { cursor }) }));
	for await (const { id, username } of users) if (username.toLowerCase() === name.toLowerCase()) return id;
	return null;
};

/** Whose tasks: a name, which administrators may look up, or an id. */
export const OwnerField = ({ name, className }: { name: string | null; className: string }) => {
	const [owner, setOwner] = useSearchParam('owner');
	const [error, setError] = useState<string | null>(null);
	const change = async (text: string): Promise<void> => {
		setError(null);
		if (text === '' || idSchema('user').safeParse(text).success) return setOwner(text);
		try {
			const id = await idOf(text);
			if (id === null) setError(words.noSuchUser(text));
			else setOwner(id);
		} catch (failure) {
			setError(errorText(failure));
		}
	};
	const shown = owner === '' ? '' : (name ?? owner);
	return (
		<WordField
			key={shown}
			label="Owner"
			value={shown}
			error={error}
			className={className}
			onChange={(text) => void change(text)}
		/>
	);
};
